import type { Node } from 'web-tree-sitter';
import { type Declaration, type Template, body, children, description, exists, literal, nodes, properties, resourceType, template, templates } from '../bicep.ts';
import { type Broken, type Sources, paths, text } from '../sources.ts';

/** Every file is Bicep. */
export function parses(sources: Sources): Broken[] {
  return [...templates(sources), ...templates(sources, '.bicepparam')].flatMap(({ file, root }) =>
    broken(file, faults(root).map(node => `line ${node.startPosition.row + 1} is no Bicep: ${node.text.slice(0, 60)}`)));
}

/** Every parameter, every output and every member of a type says what it is. */
export function described(sources: Sources): Broken[] {
  return templates(sources).flatMap(({ file, parameters, outputs, types }) => {
    const members = types.flatMap(type => children(body(type)).filter(child => child.type === 'object_property'));
    return broken(file, [
      ...[...parameters, ...outputs, ...types].filter(each => !each.description?.trim()).map(each => `${each.name} has no description`),
      ...members.filter(member => !description(member)?.trim()).map(member => `${member.firstNamedChild?.text} has no description`),
    ]);
  });
}

/** Versions come from one list, and the list holds no others. */
export function versions(sources: Sources): Broken[] {
  const list = JSON.parse(text(sources, 'infra/api-versions.json')) as Record<string, string>;
  const used = templates(sources).flatMap(({ file, resources }) => resources.map(resource => ({ file, ...resourceType(resource) })));
  return [
    // The linter takes no old preview where there ever was a version that is none: a line says so, and one before it why.
    ...templates(sources).flatMap(({ file, resources }) => broken(file, resources.filter(resource => resourceType(resource).version.endsWith('-preview'))
      .filter(({ node }) => !/^\s*\/\/ .*\n#disable-next-line use-recent-api-versions$/m.test(commentsBefore(node))).map(({ name }) => `${name} is of a preview without a reason`))),
    ...used.filter(({ type, version }) => list[type] !== version)
      .map(({ file, type, version }) => ({ file, what: `${type} has version ${version}, and the list says ${list[type] ?? 'nothing'}` })),
    ...Object.keys(list).filter(type => !used.some(each => each.type === type))
      .map(type => ({ file: 'infra/api-versions.json', what: `nothing is of type ${type}` })),
  ];
}

/** What a template uses it declares, and what it declares it uses. */
export function symbols(sources: Sources): Broken[] {
  return templates(sources).flatMap(each => {
    const { file, parameters, variables, resources, modules, types, imports } = each;
    const names = [...parameters, ...variables, ...resources, ...modules, ...types, ...imports].map(({ name }) => name);
    const uses = usesOf(each);
    const needed = [...parameters, ...variables, ...imports, ...resources.filter(exists)].map(({ name }) => name);
    return broken(file, [
      ...uses.filter(({ name, local }) => !local && !names.includes(name)).map(({ name }) => `${name} is declared nowhere`),
      ...needed.filter(name => !uses.some(use => use.name === name)).map(name => `${name} is never used`),
      ...names.filter((name, i) => names.indexOf(name) !== i).map(name => `${name} is declared twice`),
      ...nodes(each.root, 'call_expression').map(call => call.firstNamedChild?.text ?? '')
        .filter(name => /^\w+$/.test(name) && !functions.has(name)).map(name => `${name}() is no function`),
    ]);
  });
}

/** Modules are there, get what they ask for and nothing else, and what is taken from them they give. */
export function modules(sources: Sources): Broken[] {
  return templates(sources).flatMap(({ file, root, modules, imports }) => {
    const loaded = new Map<string, Template>();
    const wrong: string[] = [];
    for (const { name, from } of imports) {
      const target = resolve(file, from);
      if (!sources.has(target)) wrong.push(`${from} is no file`);
      else if (!template(target, text(sources, target)).types.some(type => type.name === name)) wrong.push(`${from} exports no ${name}`);
    }
    for (const module of modules) {
      const target = resolve(file, module.label);
      if (!sources.has(target)) {
        wrong.push(`${module.label} is no file`);
        continue;
      }
      const called = template(target, text(sources, target));
      loaded.set(module.name, called);
      const given = [...properties(properties(body(module)).get('params') ?? body(module)).keys()];
      const asked = called.parameters.map(parameter => parameter.name);
      wrong.push(
        ...given.filter(parameter => !asked.includes(parameter)).map(parameter => `${module.name} has no parameter ${parameter}`),
        ...called.parameters.filter(isRequired).filter(parameter => !given.includes(parameter.name)).map(parameter => `${module.name} needs ${parameter.name}`),
      );
    }
    for (const member of nodes(root, 'member_expression')) {
      const [object, output] = children(member);
      const [module, property] = object?.type === 'member_expression' ? children(object) : [];
      const called = loaded.get(module?.text ?? '');
      if (called !== undefined && property?.text === 'outputs' && !called.outputs.some(each => each.name === output?.text))
        wrong.push(`${module?.text} gives no ${output?.text}`);
    }
    return broken(file, wrong);
  });
}

/** Parameter files are of main.bicep: they give what it needs, nothing that it doesn't know, and values that it allows. */
export function parameterFiles(sources: Sources): Broken[] {
  const main = template('infra/main.bicep', text(sources, 'infra/main.bicep'));
  return paths(sources, '.bicepparam').flatMap(file => {
    const { root, parameters } = template(file, text(sources, file));
    const wrong = parameters.flatMap(({ name, node }) => {
      const parameter = main.parameters.find(each => each.name === name);
      if (parameter === undefined) return [`main.bicep has no parameter ${name}`];
      const value = children(node)[1];
      const allowed = decorator(parameter, 'allowed')?.map(each => each.text);
      const [least, most] = [decorator(parameter, 'minValue'), decorator(parameter, 'maxValue')].map(bound => Number(bound?.[0]?.text));
      const number = value?.type === 'number' ? Number(value.text) : NaN;
      if (allowed !== undefined && /string|number/.test(value?.type ?? '') && !allowed.includes(value?.text ?? '')) return [`${name} is none of ${allowed.join(', ')}`];
      return number < (least ?? NaN) || number > (most ?? NaN) ? [`${name} is out of its range`] : [];
    });
    const missing = main.parameters.filter(isRequired).filter(each => !parameters.some(given => given.name === each.name));
    if (literal(nodes(root, 'using_statement')[0]?.firstNamedChild) !== 'main.bicep') wrong.push('it is not for main.bicep');
    return broken(file, [...wrong, ...missing.map(each => `${each.name} is missing`)]);
  });
}

/** Two regions have one address between them: without one the deployment fails before it makes anything. */
export function twoRegions(sources: Sources): Broken[] {
  const file = 'infra/main.bicep';
  const address = template(file, text(sources, file)).variables.find(({ name }) => name === 'publicAddress');
  return /!empty\(publicUrl\) \? publicUrl : twoRegions \? fail\(/.test(address?.node.text ?? '') ? [] : [{ file, what: 'a second region goes without publicUrl' }];
}

export function broken(file: string, whats: string[]): Broken[] {
  return whats.map(what => ({ file, what }));
}

function commentsBefore(node: Node): string {
  const before = node.previousNamedSibling;
  return before !== null && /comment$/.test(before.type) ? `${commentsBefore(before)}\n${before.text}` : '';
}

function faults(node: Node): Node[] {
  return node.isError || node.isMissing ? [node] : node.children.flatMap(child => (child === null ? [] : faults(child)));
}

function resolve(file: string, to: string): string {
  return new URL(to, `file:///${file}`).pathname.slice(1);
}

function isRequired({ node }: Declaration): boolean {
  const given = children(node);
  return given.length < 3 && nodes(node, 'nullable_type').length === 0;
}

function decorator({ node }: Declaration, name: string): Node[] | undefined {
  const before = node.previousNamedSibling;
  const call = before?.type === 'decorators' ? nodes(before, 'call_expression').find(each => each.firstNamedChild?.text === name) : undefined;
  const argument = call?.lastNamedChild?.firstNamedChild;
  return argument == null ? undefined : argument.type === 'array' ? children(argument) : [argument];
}

interface Use {
  readonly name: string;
  /** Whether it is the variable of a loop or a lambda around it, or a resource within the one before `::`. */
  readonly local: boolean;
}

function usesOf({ root }: Template): Use[] {
  return nodes(root, 'identifier').filter(isUse).map(node => ({ name: node.text, local: isLocal(node) }));
}

function isUse(node: Node): boolean {
  const parent = node.parent;
  const first = parent?.firstNamedChild?.id === node.id;
  if (parent === null || (first && /^(object_property|lambda_expression|call_expression|.*_declaration)$/.test(parent.type))) return false;
  if (parent.type === 'import_functionality') return false;
  return !(parent.type === 'for_statement' && first);
}

function isLocal(node: Node): boolean {
  if (node.parent?.type === 'resource_expression' && node.parent.firstNamedChild?.id !== node.id) return true;
  for (let around = node.parent; around !== null; around = around.parent) {
    if (around.type === 'lambda_expression' && around.firstNamedChild?.text === node.text) return true;
    if (around.type !== 'for_statement') continue;
    const head = around.firstNamedChild;
    if (head?.text === node.text || (head?.type === 'for_loop_parameters' && children(head).some(each => each.text === node.text))) return true;
  }
  return false;
}

/** The functions of Bicep that are used here, and its decorators: https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions */
const functions = new Set([
  'allowed', 'bool', 'description', 'empty', 'export', 'fail', 'filter', 'guid', 'int', 'join', 'map', 'maxLength', 'maxValue', 'minLength', 'minValue',
  'readEnvironmentVariable', 'sealed', 'split', 'subscription', 'subscriptionResourceId', 'tenant', 'toLower', 'union', 'uniqueString',
]);

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { type Sources, paths, text } from './sources.ts';

await Parser.init();
const grammar = dirname(createRequire(import.meta.url).resolve('tree-sitter-bicep/package.json'));
const parser = new Parser().setLanguage(await Language.load(join(grammar, 'tree-sitter-bicep.wasm')));

/** Something that a file declares: a parameter, a resource, an output ... */
export interface Declaration {
  readonly name: string;
  readonly node: Node;
  /** The name in quotes that follows: a type with its version, or the path of a module. */
  readonly label: string;
  readonly description: string | undefined;
}

export interface Template {
  readonly file: string;
  readonly root: Node;
  readonly parameters: Declaration[];
  readonly variables: Declaration[];
  readonly resources: Declaration[];
  readonly modules: Declaration[];
  readonly outputs: Declaration[];
  readonly types: Declaration[];
  /** What is brought in from other files. */
  readonly imports: { readonly name: string; readonly from: string }[];
}

export function template(file: string, source: string): Template {
  // The grammar takes parameter files for templates, where such a line would need a type; a variable is assigned in the same form.
  const root = parse(file.endsWith('.bicepparam') ? source.replace(/^param (\w+) =/gm, 'var $1 =') : source);
  const declared = (type: string) => root.descendantsOfType(type).filter(node => node !== null).map(declaration);
  return {
    file,
    root,
    parameters: declared(file.endsWith('.bicepparam') ? 'variable_declaration' : 'parameter_declaration'),
    variables: declared('variable_declaration'),
    resources: declared('resource_declaration'),
    modules: declared('module_declaration'),
    outputs: declared('output_declaration'),
    types: declared('type_declaration'),
    imports: nodes(root, 'import_functionality').flatMap(node =>
      node.namedChildren.filter(child => child?.type === 'identifier').map(child => ({ name: child?.text ?? '', from: literal(node.lastNamedChild) ?? '' }))),
  };
}

export function templates(sources: Sources, ending = '.bicep'): Template[] {
  return paths(sources, ending).map(file => template(file, text(sources, file)));
}

export function nodes(within: Node, type: string): Node[] {
  return within.descendantsOfType(type).filter(node => node !== null);
}

/** The children that have a name in the grammar and aren't comments. */
export function children(node: Node): Node[] {
  return node.namedChildren.filter(child => child !== null && child.type !== 'comment') as Node[];
}

/** The text of a string without interpolation; undefined for anything else. */
export function literal(node: Node | null | undefined): string | undefined {
  if (node?.type !== 'string' || nodes(node, 'interpolation').length > 0) return undefined;
  return children(node).map(part => part.text).join('');
}

/** The object that a declaration assigns, within its loop or condition. */
export function body(declaration: Declaration): Node {
  const object = children(declaration.node).flatMap(child => (child.type === 'object' ? [child] : nodes(child, 'object'))).find(Boolean);
  if (object === undefined) throw new Error(`${declaration.name} has no body.`);
  return object;
}

/** The properties of an object by their names. */
export function properties(object: Node): Map<string, Node> {
  return new Map(children(object).filter(child => child.type === 'object_property').flatMap(property => {
    const [key, value] = children(property);
    return key !== undefined && value !== undefined ? [[literal(key) ?? key.text, value] as const] : [];
  }));
}

/** What stands at a path of an object, such as properties.siteConfig. */
export function at(object: Node | undefined, path: string): Node | undefined {
  return path.split('.').reduce<Node | undefined>((node, name) => (node?.type === 'object' ? properties(node).get(name) : undefined), object);
}

/** The type of a resource with the types of those that it stands in, and the version that holds for it. */
export function resourceType(resource: Declaration): { readonly type: string; readonly version: string } {
  let { label } = resource;
  for (let node = resource.node.parent; node !== null && !label.includes('@'); node = node.parent) {
    if (node.type !== 'resource_declaration') continue;
    const [type, version] = declaration(node).label.split('@');
    label = version === undefined ? `${type}/${label}` : `${type}/${label}@${version}`;
  }
  const [type = '', version = ''] = label.split('@');
  return { type, version };
}

export function exists(resource: Declaration): boolean {
  return /^resource\s+\w+\s+'[^']*'\s+existing\b/.test(resource.node.text);
}

function declaration(node: Node): Declaration {
  const [name, label] = children(node);
  return { name: name?.text ?? '', node, label: literal(label) ?? '', description: description(node) };
}

/** What @description says before a declaration or a member of a type. */
export function description(node: Node): string | undefined {
  let before = node.previousNamedSibling;
  while (before !== null && before.type === 'comment') before = before.previousNamedSibling;
  if (before?.type !== 'decorators') return undefined;
  const call = nodes(before, 'call_expression').find(found => found.firstNamedChild?.text === 'description');
  return literal(call?.lastNamedChild?.firstNamedChild);
}

const parsed = new Map<string, Node>();

function parse(source: string): Node {
  let root = parsed.get(source);
  if (root === undefined) {
    const tree = parser.parse(source);
    if (tree === null) throw new Error('The parser gave up.');
    root = tree.rootNode;
    parsed.set(source, root);
  }
  return root;
}

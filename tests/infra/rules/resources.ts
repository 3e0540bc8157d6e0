import type { Resource } from '../project.ts';

export function ofType(resources: Resource[], type: string): Resource[] {
  return resources.filter(resource => resource.type === type);
}

/** What stands at a path, such as properties.siteConfig. */
export function at(resource: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], resource);
}

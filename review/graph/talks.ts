import { textAt } from '../../plan/json';
import type { PlannedObject } from '../../plan/model';
import { referencesOf } from '../../plan/references';
import { templateOf } from '../check/pods';
import type { Arrow } from './model';
import { namespaceOf, portsOf, textsIn, type World } from './world';

/** Whose programs name whose Services: in variables, arguments and files of configuration. */
export function callsOf(world: World): Arrow[] {
  const files = new Map(
    world.all('ConfigMap').map((object) => [object.id, textsIn(object.manifest['data'])]),
  );
  const callers = world.pods.flatMap(({ box }) =>
    world.all(...RUNNERS).filter(({ id }) => id === box),
  );
  return callers.flatMap((caller) => {
    const text = [
      ...textsIn(templateOf(caller.manifest)),
      ...referencesOf(caller.manifest).flatMap(({ to }) => files.get(to) ?? []),
    ].join('\n');
    return world.services
      .filter((service) => names(text, service, namespaceOf(caller) === namespaceOf(service)))
      .flatMap((service) => world.behind(service))
      .map((to): Arrow => ({ from: caller.id, to, talk: 'calls' }));
  });
}

const RUNNERS = ['Pod', 'CronJob', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job'];

/** Whether a text names a Service: by its full name, its address, or, from its own namespace, by a URL or with its port. */
function names(text: string, service: PlannedObject, near: boolean): boolean {
  const name = service.manifest.metadata.name;
  const address = textAt(service.manifest, 'spec', 'clusterIP') ?? 'None';
  const ports = portsOf(service).join('|');
  const full = `${name}.${namespaceOf(service) ?? ''}`;
  const patterns = [
    `(^|[^\\w.-])${escaped(full)}($|[^\\w-])`,
    ...(/^\d/.test(address) ? [`(^|[^\\d.])${escaped(address)}($|[^\\d.])`] : []),
    ...(near ? [`(://|@)${escaped(name)}($|[^\\w.-])`] : []),
    ...(near && ports !== '' ? [`(^|[^\\w.-])${escaped(name)}:(${ports})($|\\D)`] : []),
  ];
  return patterns.some((pattern) => new RegExp(pattern, 'm').test(text));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

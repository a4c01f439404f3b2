import { amountOf } from '../../../plan/difference/quantity';
import { at, objectsAt } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { listed, spelled } from '../look';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** Fewer bytes than this, and the runtime cannot start the container's first process. */
const LEAST_MEMORY = 4 * 2 ** 20;

/** Why the container cannot run although the API server takes it. */
export function neverRuns(container: JsonObject): string[] {
  const memory = amountOf(at(container, 'resources', 'limits', 'memory'));
  if (memory === undefined || memory >= LEAST_MEMORY) return [];
  const spelt = spelled(at(container, 'resources', 'limits', 'memory'));
  return [
    `may have ${spelt} of memory, ${Math.ceil(memory)} bytes${/\dm$/.test(spelt) ? " ('m' is a thousandth; a megabyte is 'M', or 'Mi')" : ''}`,
  ];
}

/** Probes that would kill the container, or keep it out of its Services, as no port of it is the one they ask. */
export function deafProbes(container: JsonObject): string[] {
  const ports = objectsAt(container, 'ports');
  if (ports.length === 0) return [];
  const open = ports.flatMap((port) => [port['name'], port['containerPort']]);
  return PROBES.flatMap((field) =>
    (['httpGet', 'tcpSocket', 'grpc'] as const).flatMap((way) => {
      const port = at(container, field, way, 'port');
      if (port === undefined || open.includes(port)) return [];
      return [
        `${field} asks port ${spelled(port)}, and the container opens ${listed(open.filter((one) => one !== undefined).map(spelled))}`,
      ];
    }),
  );
}

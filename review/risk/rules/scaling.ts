import { at, objectsAt, textAt } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { called, listed } from '../look';
import type { Rule } from '../risk';
import { containersOf, podsOf } from './pods';

/** Requests that an autoscaler counts in percent of. */
export const scaling: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  const scaler = context.after
    .all('HorizontalPodAutoscaler')
    .find(
      ({ manifest }) =>
        manifest.metadata.namespace === will.namespace &&
        textAt(manifest, 'spec', 'scaleTargetRef', 'kind') === will.kind &&
        textAt(manifest, 'spec', 'scaleTargetRef', 'name') === will.object.manifest.metadata.name,
    );
  if (scaler === undefined) return [];
  const counted = objectsAt(scaler.manifest, 'spec', 'metrics').flatMap((metric) =>
    at(metric, 'resource', 'target', 'averageUtilization') === undefined
      ? []
      : (textAt(metric, 'resource', 'name') ?? []),
  );
  const asks = (container: JsonObject | undefined, resource: string): boolean =>
    ['requests', 'limits'].some((side) => at(container, 'resources', side, resource) !== undefined);
  const old = containersOf(was.pod);
  const lost = [...containersOf(will.pod)].filter(([name, container]) =>
    counted.some(
      (resource) => !asks(container, resource) && (!old.has(name) || asks(old.get(name), resource)),
    ),
  );
  if (lost.length === 0) return [];
  return [
    {
      rule: 'scaler-without-requests',
      severity: 'high',
      why: `${called(scaler)} scales by percent of the request, and ${listed(lost.map(([name]) => `container '${name}'`))} requests none: it no longer scales at all`,
      lost: 'the service under load',
      instead: `request ${listed(counted)}, or scale by an amount (averageValue)`,
    },
  ];
};

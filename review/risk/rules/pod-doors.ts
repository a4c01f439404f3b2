import { objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import type { Change } from '../../change';
import type { Context } from '../context';
import { listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload } from '../world';
import { containersOf, podsOf } from './pods';
import { powersOf } from './powers';

/** What a pod template opens and who its program is: its ports, its account, its token. */
export const podDoors: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  return [
    ...shut(change, was, will, context),
    ...onNodes(was, will),
    ...account(was, will, context),
    ...token(was, will, context),
  ];
};

function opened({ pod }: Workload): Set<Json | undefined> {
  return new Set(
    [...containersOf(pod).values()].flatMap((container) =>
      objectsAt(container, 'ports').flatMap((port) => [port['containerPort'], port['name']]),
    ),
  );
}

/** Ports that a Service or a probe still asks for, and no container has any more. */
function shut(change: Change, was: Workload, will: Workload, { after }: Context): Risk[] {
  const [before, now] = [opened(was), opened(will)];
  const isLost = (port: Json | undefined): boolean => before.has(port) && !now.has(port);
  const services = after.servicesOf(will).flatMap(({ manifest }) =>
    objectsAt(manifest, 'spec', 'ports')
      .map((port) => port['targetPort'] ?? port['port'])
      .filter((port) => isLost(port))
      .map((port) => `Service ${manifest.metadata.name} (${spelled(port)})`),
  );
  const probes = [...containersOf(will.pod)].flatMap(([name, container]) =>
    ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap((probe) => {
      const own = container[probe];
      const port = ['httpGet', 'tcpSocket'].map((how) => textAt(own, how, 'port')).find(Boolean);
      return port !== undefined && isLost(port) ? [`the ${probe} of '${name}' (${port})`] : [];
    }),
  );
  const asking = [...services, ...probes];
  if (asking.length === 0 || change.after === undefined) return [];
  return [
    {
      rule: 'port-closed',
      severity: 'high',
      why: `no container opens any more what ${listed(asking)} asks for`,
      lost:
        probes.length > 0
          ? 'the pods: they never become ready, or are restarted'
          : 'every connection through it',
      instead: 'change the port everywhere in the same step, or keep its name',
    },
  ];
}

function onNodes(was: Workload, will: Workload): Risk[] {
  const ports = ({ pod }: Workload): string[] =>
    [...containersOf(pod).values()].flatMap((container) =>
      objectsAt(container, 'ports').flatMap((port) =>
        port['hostPort'] === undefined ? [] : [spelled(port['hostPort'])],
      ),
    );
  const known = ports(was);
  const fresh = ports(will).filter((port) => !known.includes(port));
  if (fresh.length === 0) return [];
  return [
    {
      rule: 'pods-exposed',
      severity: 'high',
      why: `port ${listed(fresh)} of every node that runs such a pod leads into it, past Services, Ingresses and most network policies`,
      lost: 'the protection of the network inside',
      instead: 'give it a Service, and an Ingress or a Route',
    },
  ];
}

function accountOf({ pod }: Workload): string {
  return textAt(pod, 'serviceAccountName') ?? textAt(pod, 'serviceAccount') ?? 'default';
}

function account(was: Workload, will: Workload, context: Context): Risk[] {
  const [old, now] = [accountOf(was), accountOf(will)];
  if (old === now) return [];
  const id = objectId(will.namespace, '', 'ServiceAccount', now);
  const known = now === 'default' || context.after.get(id) !== undefined;
  const had = powersOf(was.namespace, old, context.before);
  const gained = [...powersOf(will.namespace, now, context.after)].filter(
    (power) => !had.has(power),
  );
  return [
    {
      rule: gained.length > 0 ? 'account-gains-power' : 'account-changed',
      severity: gained.length > 0 || !known ? 'high' : 'medium',
      why:
        gained.length > 0
          ? `as '${now}' instead of '${old}' the program may ${listed(gained)}`
          : `the program is '${now}' instead of '${old}' to the API${known ? '' : ', an account that the plan does not make: without it no pod is created'}`,
      lost:
        gained.length > 0
          ? 'the limits of the program'
          : 'what only the former account may do, its SCC included',
      instead:
        gained.length > 0
          ? 'give its own account what is needed, and no more'
          : 'bind the same roles to the new account first',
    },
  ];
}

/** A token in the pod's file system, where the pod itself asks for it. */
function token(was: Workload, will: Workload, { after }: Context): Risk[] {
  const field = 'automountServiceAccountToken';
  if (was.pod[field] !== false || will.pod[field] === false) return [];
  const powers = [...powersOf(will.namespace, accountOf(will), after)];
  return [
    {
      rule: 'token-mounted',
      severity: powers.length > 0 ? 'high' : 'medium',
      why: `every container gets a token to the API${powers.length > 0 ? `, with which it may ${listed(powers)}` : ''}`,
      lost: 'nothing but what the token may do',
      instead: 'mount it only where the program asks the API',
    },
  ];
}

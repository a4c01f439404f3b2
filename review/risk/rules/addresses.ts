import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change, type ReviewedObject } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, listed, spelled, touches } from '../look';
import type { Risk, Rule } from '../risk';
import { routesTo } from './services';

/** What a Service is called by and where: its addresses, its families, the names and numbers of its ports. */
export const addresses: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'Service' || change.operation === 'delete') return [];
  if (change.operation === 'replace') return [];
  const external = claimed(change);
  if (change.operation !== 'update') return external;
  return [
    ...external,
    ...families(change),
    ...portNames(change, context),
    ...nodePorts(change),
    ...unselected(change),
    ...inside(change),
  ];
};

function claimed(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'externalIPs').map((list) =>
    isList(list) ? list.map(spelled) : [],
  );
  const fresh = (will ?? []).filter((address) => was?.includes(address) !== true);
  if (fresh.length === 0) return [];
  return [
    {
      rule: 'service-claims-address',
      severity: 'high',
      why: `every node takes what is sent to ${listed(fresh)} and gives it to this Service, whoever the address belongs to`,
      lost: 'the protection of the network inside, and traffic that is meant for others',
      instead: 'use a LoadBalancer, an Ingress or a Route',
    },
  ];
}

/** The first family of a Service is fixed: the API server refuses another one. */
function families(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'ipFamilies').map((list) =>
    isList(list) ? list : [],
  );
  const first = [was?.[0], will?.[0]];
  if (first[0] === undefined || first[1] === undefined || first[0] === first[1]) return [];
  if (textAt(change.after?.manifest, 'spec', 'type') === 'ExternalName') return [];
  return [
    {
      rule: 'service-family-fixed',
      severity: 'high',
      why: 'the first IP family of a Service cannot change: the API server refuses it, and the deployment stops there',
      lost: 'the rest of the deployment',
      instead: 'add a second Service of the other family, move the clients, then remove this one',
    },
  ];
}

/** Names of ports by which others find them. */
function portNames(change: Change, { after }: Context): Risk[] {
  const names = (object: ReviewedObject | undefined): string[] =>
    objectsAt(object?.manifest, 'spec', 'ports').flatMap((port) => textAt(port, 'name') ?? []);
  const left = names(change.after);
  const lost = names(change.before).filter((name) => !left.includes(name));
  const { after: service } = change;
  if (lost.length === 0 || service === undefined) return [];
  const monitors = ['ServiceMonitor']
    .flatMap((kind) => after.all(kind))
    .filter(({ manifest }) => {
      const labels = at(manifest, 'spec', 'selector', 'matchLabels');
      const own = at(service.manifest, 'metadata', 'labels');
      return (
        isObject(labels) && Object.entries(labels).every(([key, value]) => at(own, key) === value)
      );
    });
  const users = [...routesTo(service, after), ...monitors].filter(({ manifest }) =>
    lost.some((name) => namesPort(manifest['spec'], name)),
  );
  if (users.length === 0) return [];
  return [
    {
      rule: 'service-port-renamed',
      severity: 'high',
      why: `${listed(users.map(called))} asks for the port by its old name, ${listed(lost)}`,
      lost: 'every connection through it',
      instead: 'keep the name, or change both in the same deployment',
    },
  ];
}

/** Whether a port is asked for by a name anywhere in a value: `port: http`, `port: { name: http }`, `targetPort: http`. */
function namesPort(value: Json | undefined, name: string): boolean {
  if (isList(value)) return value.some((item) => namesPort(item, name));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      (/^(port|targetPort|servicePort)$/.test(key) &&
        (inner === name ||
          textAt(inner, 'name') === name ||
          textAt(inner, 'targetPort') === name)) ||
      namesPort(inner, name),
  );
}

function nodePorts(change: Change): Risk[] {
  const ports = (object: ReviewedObject | undefined): Map<string, Json | undefined> =>
    new Map(
      objectsAt(object?.manifest, 'spec', 'ports').map((port) => [
        spelled(port['port']),
        port['nodePort'],
      ]),
    );
  const now = ports(change.after);
  const moved = [...ports(change.before)].filter(
    ([port, was]) => was !== undefined && now.get(port) !== undefined && now.get(port) !== was,
  );
  if (moved.length === 0) return [];
  return [
    {
      rule: 'node-port-moved',
      severity: 'high',
      why: `the port on the nodes is another one than ${listed(moved.map(([, was]) => spelled(was)))}`,
      lost: 'whoever connects to it: load balancers, firewalls, other sites',
      instead: 'add the new port beside the old one first',
    },
  ];
}

function unselected(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'selector');
  if (!isObject(was) || isObject(will)) return [];
  if (textAt(change.after?.manifest, 'spec', 'type') === 'ExternalName') {
    return [
      {
        rule: 'service-leads-elsewhere',
        severity: 'high',
        why: `the name now leads to ${textAt(change.after?.manifest, 'spec', 'externalName') ?? 'nothing'} instead of the pods here`,
        lost: 'every connection to these pods',
        instead: 'make sure that the other side has the data and the certificate',
      },
    ];
  }
  return [
    {
      rule: 'service-selects-nothing',
      severity: 'high',
      why: 'without a selector nobody keeps the list of its pods: it leads to those of today until they are gone',
      lost: 'every connection, after the next restart',
      instead: 'keep the selector',
    },
  ];
}

function inside(change: Change): Risk[] {
  if (!touches(change, 'spec.internalTrafficPolicy')) return [];
  const local = textAt(change.after?.manifest, 'spec', 'internalTrafficPolicy') === 'Local';
  return [
    {
      rule: 'service-traffic-policy',
      severity: local ? 'high' : 'medium',
      why: local
        ? 'clients on nodes without such a pod get no answer any more'
        : 'clients may be served by pods on other nodes',
      lost: local ? 'the service on these nodes' : 'the shorter way',
      instead: 'use Local only where a pod runs on every node',
    },
  ];
}

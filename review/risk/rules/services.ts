import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import { manifestOf, type Change, type ReviewedObject } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, spelled, touches } from '../look';
import type { Risk, Rule } from '../risk';
import type { World } from '../world';
import { openedNetworks } from '../networks';

/** Addresses and ports that others rely on. */
export const services: Rule = (change, context) => {
  if (manifestOf(change).kind !== 'Service') return [];
  if (goes(change)) return [gone(change, context)];
  return [
    ...exposed(change, context),
    ...addresses(change),
    ...ports(change, context),
    ...backends(change, context),
  ];
};

/** Ingresses and Routes that lead to a Service. */
export function routesTo(service: ReviewedObject, world: World): ReviewedObject[] {
  const { name, namespace } = service.manifest.metadata;
  return ['Ingress', 'Route', 'IngressRoute', 'HTTPRoute', 'IngressRouteTCP'].flatMap((kind) =>
    world
      .all(kind)
      .filter(
        ({ manifest }) =>
          manifest.metadata.namespace === namespace &&
          new RegExp(`"name":${JSON.stringify(name).replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`).test(
            JSON.stringify(manifest['spec'] ?? null),
          ),
      ),
  );
}

const EXTERNAL = new Set(['LoadBalancer', 'NodePort']);

function gone(change: Change, context: Context): Risk {
  const { before } = change;
  const routes = before === undefined ? [] : routesTo(before, context.after);
  const external = EXTERNAL.has(textAt(before?.manifest, 'spec', 'type') ?? '');
  const anew = change.operation === 'replace';
  const left = before === undefined ? [] : context.after.behind(before);
  return {
    rule: anew ? 'service-replaced' : 'service-deleted',
    severity: anew || external || routes.length > 0 || left.length > 0 ? 'high' : 'medium',
    why: anew
      ? 'the Service is deleted and made anew, with another cluster IP: connections break and cached addresses lead nowhere'
      : `its name and address go; it is used by ${listed(routes.map(called))}${left.length > 0 ? `, and ${listed(left.map(({ object }) => called(object)))} still runs behind it` : ''}`,
    lost: external ? 'the external address: DNS and firewalls know it' : 'whoever connects to it',
    instead: anew ? 'leave clusterIP to the cluster' : 'move its clients first',
  };
}

function exposed(change: Change, { before, after }: Context): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'type').map((type) => type ?? 'ClusterIP');
  if (
    will !== undefined &&
    EXTERNAL.has(spelled(will)) &&
    !(change.before && EXTERNAL.has(spelled(was)))
  ) {
    const ran = before.behind(change.after).length > 0;
    return [
      {
        rule: 'service-exposed',
        severity: change.operation === 'create' && !ran ? 'medium' : 'high',
        why: `${listed(after.behind(change.after).map(({ object }) => called(object)))} can be reached from outside the cluster, past every Ingress and its login`,
        lost: 'the protection of the network inside',
        instead: 'give it an Ingress or a Route, or limit loadBalancerSourceRanges',
      },
    ];
  }
  const [ranges, opened] = beforeAndAfter(change, 'spec', 'loadBalancerSourceRanges');
  const lists = [ranges, opened].map((list) => (isList(list) ? list.map(spelled) : []));
  const wide = openedNetworks(lists[0] ?? [], lists[1] ?? []).wide.length > 0;
  if (isList(ranges) && ranges.length > 0 && (!isList(opened) || opened.length === 0 || wide)) {
    return [
      {
        rule: 'service-opened-to-all',
        severity: 'high',
        why: wide
          ? `the load balancer lets in ${listed(openedNetworks(lists[0] ?? [], lists[1] ?? []).wide)} as well`
          : 'the load balancer no longer limits who may connect',
        lost: 'the protection of the network outside',
        instead: 'list the networks that need it',
      },
    ];
  }
  return [];
}

function addresses(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = beforeAndAfter(change, 'spec', 'type').map((type) => type ?? 'ClusterIP');
  const risks: Risk[] = [];
  if (
    (was === 'LoadBalancer' && will !== was) ||
    ['loadBalancerIP', 'externalIPs', 'externalName'].some(
      (field) =>
        at(change.before?.manifest, 'spec', field) !== undefined &&
        touches(change, `spec.${field}`),
    )
  ) {
    risks.push({
      rule: 'service-address-lost',
      severity: 'high',
      why: 'the external address is given back, or becomes another one',
      lost: 'whoever knows the old address: DNS records, firewalls, other sites',
      instead: 'add a second Service with the new address, move the clients, then remove this one',
    });
  } else if (was === 'NodePort' && will === 'ClusterIP') {
    risks.push({
      rule: 'service-address-lost',
      severity: 'high',
      why: 'the port on the nodes is closed',
      lost: 'whoever connects to it',
      instead: 'move the clients first',
    });
  }
  if (was === 'LoadBalancer' && will === was && touches(change, 'spec.loadBalancerClass')) {
    risks.push({
      rule: 'service-class-fixed',
      severity: 'high',
      why: 'loadBalancerClass cannot change while there is a load balancer: the API server refuses it, and the deployment stops there',
      lost: 'the rest of the deployment',
      instead: 'add a second Service with the other class, move the clients, then remove this one',
    });
  }
  if (touches(change, 'spec.externalTrafficPolicy')) {
    risks.push({
      rule: 'service-traffic-policy',
      severity: 'medium',
      why: 'with Local, nodes without a pod drop the traffic; with Cluster, pods no longer see who connects',
      lost: 'traffic to some nodes, or the addresses of the clients in logs and allow-lists',
      instead: 'make sure that the load balancer checks the health of the nodes',
    });
  }
  return risks;
}

function portsOf(service: ReviewedObject | undefined): Map<string, Json | undefined> {
  return new Map(
    objectsAt(service?.manifest, 'spec', 'ports').map((port) => [
      `${spelled(port['port'])}/${textAt(port, 'protocol') ?? 'TCP'}`,
      port['targetPort'] ?? port['port'],
    ]),
  );
}

function ports(change: Change, { after }: Context): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = [portsOf(change.before), portsOf(change.after)];
  const lost = [...was.keys()].filter((port) => !will.has(port));
  const risks: Risk[] = [];
  if (lost.length > 0) {
    risks.push({
      rule: 'service-port-removed',
      severity: 'high',
      why: `nobody answers on port ${listed(lost)} any more`,
      lost: 'clients and routes that use it',
      instead: 'add the new port first, move the clients, then remove the old one',
    });
  }
  const pods = after.behind(change.after);
  const opened = new Set(
    pods.flatMap(({ pod }) =>
      objectsAt(pod, 'containers').flatMap((container) =>
        objectsAt(container, 'ports').flatMap((port) => [port['containerPort'], port['name']]),
      ),
    ),
  );
  const shut = [...will].filter(
    ([port, target]) =>
      opened.size > 0 && !opened.has(target) && was.get(port) !== target && was.has(port),
  );
  if (shut.length > 0) {
    risks.push({
      rule: 'service-port-unopened',
      severity: 'high',
      why: `no container opens ${listed(shut.map(([, target]) => spelled(target)))}, to which the Service now leads`,
      lost: 'every connection',
      instead: 'change the container and the Service together',
    });
  }
  return risks;
}

function backends(change: Change, { before, after }: Context): Risk[] {
  if (change.operation !== 'update' || !touches(change, 'spec.selector')) return [];
  const pods = after.behind(change.after);
  if (!isObject(at(change.after?.manifest, 'spec', 'selector'))) return [];
  const had = before.behind(change.before).length > 0;
  return [
    {
      rule: pods.length === 0 ? 'service-selects-nothing' : 'service-selects-others',
      severity: pods.length === 0 && had ? 'high' : 'medium',
      why:
        pods.length === 0
          ? 'the selector matches no pod of the plan'
          : `the Service leads to ${listed(pods.map(({ object }) => called(object)))}`,
      lost: pods.length === 0 ? 'every connection' : 'connections to the former pods',
      instead: 'compare the selector with the labels of the pod template',
    },
  ];
}

import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import { manifestOf, type Change } from '../../change';
import { beforeAndAfter, goes, listed, spelled, touches } from '../look';
import type { Risk, Rule } from '../risk';

/** Kinds whose change reaches every node or every user, with what it does. */
const CLUSTER_WIDE: Readonly<Record<string, string>> = {
  ClusterVersion: 'the whole cluster is updated',
  MachineConfig: 'every node of the pool is drained and rebooted, one after the other',
  MachineConfigPool: 'nodes are drained and rebooted',
  KubeletConfig: 'every node of the pool is drained and rebooted',
  ContainerRuntimeConfig: 'every node of the pool is drained and rebooted',
  APIServer: 'the API servers restart with other certificates, encryption or audit',
  FeatureGate: 'the control plane restarts, and feature sets cannot be taken back',
  IngressController: 'routers restart, and every route goes through them',
  Proxy: 'every node is rebooted',
  ClusterNetwork: 'the network of all pods changes',
  DNS: 'the names of the cluster change',
  Ingress: 'every Route and certificate that follows the domain gets another name',
  Network: 'the network of all pods changes, and they are cut off until every node has followed',
  Image: 'every node is drained, and takes images from elsewhere than before',
};

/** Things that stand between every client and the API, or under every node. */
export const cluster: Rule = (change) => {
  const { kind, apiVersion } = manifestOf(change);
  const openshift = apiVersion.includes('openshift.io');
  if (/^(Mutating|Validating)WebhookConfiguration$/.test(kind)) return webhooks(change);
  if (/^(Mutating|Validating)AdmissionPolicy(Binding)?$/.test(kind)) return admission(change);
  if (kind === 'APIService') return aggregated(change);
  if (kind === 'OAuth' && openshift) return login(change);
  if (kind === 'ImageStream' && openshift && goes(change)) return [images(change)];
  if (kind === 'Config' && apiVersion.startsWith('imageregistry.')) return registry(change);
  const effect = openshift ? CLUSTER_WIDE[kind] : undefined;
  if (effect === undefined || change.operation === 'retain') return [];
  return [
    {
      rule: 'cluster-wide',
      severity: 'high',
      why: effect,
      lost: 'capacity, or the cluster if it goes wrong',
      instead:
        'do it in a maintenance window, and watch "oc get clusteroperators,machineconfigpools"',
    },
  ];
};

function webhooks(change: Change): Risk[] {
  if (goes(change)) {
    return [
      {
        rule: 'admission-removed',
        severity: 'high',
        why: 'what the webhook refused or completed goes through as it is',
        lost: 'the guarantee that it gave, for everything made from now on',
        instead: 'make the one that takes its place first',
      },
    ];
  }
  const known = new Map(
    objectsAt(change.before?.manifest, 'webhooks').map((hook) => [textAt(hook, 'name'), hook]),
  );
  const dangerous = objectsAt(change.after?.manifest, 'webhooks').filter((hook) => {
    const was = known.get(textAt(hook, 'name'));
    const [hard, wide] = [isHard, isWide].map(
      (test) => test(hook) && (was === undefined || !(isHard(was) && isWide(was))),
    );
    return hard === true && wide === true;
  });
  const weaker = [...known].filter(([name, was]) => {
    const now = objectsAt(change.after?.manifest, 'webhooks').find(
      (hook) => textAt(hook, 'name') === name,
    );
    return now === undefined || (isHard(was) && !isHard(now));
  });
  const risks: Risk[] = [];
  if (dangerous.length > 0) {
    risks.push({
      rule: 'webhook-blocks-all',
      severity: 'high',
      why: `while ${listed(dangerous.map((hook) => textAt(hook, 'name') ?? ''))} does not answer, nothing of what it watches can be made or changed, its own pods included`,
      lost: 'the way to repair the cluster',
      instead:
        'leave its own namespace and kube-system out (namespaceSelector), or set failurePolicy to Ignore',
    });
  }
  if (weaker.length > 0 && manifestOf(change).kind.startsWith('Validating')) {
    risks.push({
      rule: 'admission-weakened',
      severity: 'high',
      why: `${listed(weaker.map(([name]) => name ?? ''))} no longer refuses: it is gone, or is skipped when it does not answer`,
      lost: 'the guarantee that it gave',
      instead: 'keep failurePolicy Fail',
    });
  }
  return risks;
}

function isHard(hook: unknown): boolean {
  return isObject(hook) && hook['failurePolicy'] !== 'Ignore';
}

/** Whether a webhook is asked about pods, or everything, of every namespace. */
function isWide(hook: unknown): boolean {
  if (!isObject(hook)) return false;
  const spared = at(hook, 'namespaceSelector');
  if (isObject(spared) && Object.keys(spared).length > 0) return false;
  const chosen = at(hook, 'objectSelector');
  if (isObject(chosen) && Object.keys(chosen).length > 0) return false;
  return objectsAt(hook, 'rules').some((rule) => {
    const resources = at(rule, 'resources');
    return (
      isList(resources) &&
      resources.some((resource) =>
        /^(\*|\*\/\*|pods|pods\/\*|namespaces|secrets|configmaps|nodes)$/.test(spelled(resource)),
      )
    );
  });
}

function admission(change: Change): Risk[] {
  const actions = (side: Change['before']): string =>
    JSON.stringify(at(side?.manifest, 'spec', 'validationActions') ?? null);
  const denied = actions(change.before).includes('Deny') && !actions(change.after).includes('Deny');
  const [hard, soft] = beforeAndAfter(change, 'spec', 'failurePolicy');
  const softer = change.operation === 'update' && hard !== 'Ignore' && soft === 'Ignore';
  if (!goes(change) && !denied && !softer) return [];
  return [
    {
      rule: 'admission-weakened',
      severity: 'high',
      why: 'what the policy refused is accepted from now on',
      lost: 'the guarantee that it gave, for everything made from now on',
      instead: 'make the one that takes its place first',
    },
  ];
}

function aggregated(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'insecureSkipTLSVerify');
  if (!goes(change) && !(was !== true && will === true)) return [];
  const gone = goes(change);
  return [
    {
      rule: gone ? 'api-group-gone' : 'api-unverified',
      severity: 'high',
      why: gone
        ? `the API server no longer serves '${manifestOf(change).metadata.name}'; while it fails, namespaces cannot be deleted either`
        : 'the API server no longer checks whom it passes requests and users on to',
      lost: gone
        ? 'everything that asks this API: autoscalers, "kubectl top", operators'
        : 'the trust in that API',
      instead: gone ? 'remove its clients first' : 'give caBundle',
    },
  ];
}

function login(change: Change): Risk[] {
  const names = (side: Change['before']): string[] =>
    objectsAt(side?.manifest, 'spec', 'identityProviders').map(
      (provider) => textAt(provider, 'name') ?? '',
    );
  const left = new Set(names(change.after));
  const lost = names(change.before).filter((name) => !left.has(name));
  if (lost.length === 0 && !goes(change)) return trusting(change);
  return [
    {
      rule: 'login-removed',
      severity: left.size === 0 ? 'critical' : 'high',
      why: `nobody logs in through ${listed(lost)} any more`,
      lost:
        left.size === 0
          ? 'every login but that of a client certificate'
          : 'access of these users, and the link to their existing accounts',
      instead:
        'add the new provider, let an administrator log in through it, and remove the old one afterwards',
    },
  ];
}

/** Providers that are kept, and asked in another way. */
function trusting(change: Change): Risk[] {
  const fields = change.fields
    .map(({ path }) =>
      path
        .filter((part) => !/^\d+$/.test(part))
        .slice(2)
        .join('.'),
    )
    .filter((path) =>
      /insecure|mappingMethod|url|hostedDomain|organizations|teams|issuer|ca\b|clientID|attributes|claims/i.test(
        path,
      ),
    );
  if (change.operation !== 'update' || fields.length === 0) return [];
  return [
    {
      rule: 'login-changed',
      severity: 'high',
      why: `${listed([...new Set(fields)])} decides who is let in, and as whom: people may get another account than before, or somebody else's`,
      lost: 'the certainty that whoever logs in is who they were',
      instead: 'try it as a second provider with mappingMethod lookup first',
    },
  ];
}

/** The cluster's own registry: where its images are, and whether there is one. */
function registry(change: Change): Risk[] {
  const removed = textAt(change.after?.manifest, 'spec', 'managementState') === 'Removed';
  if (change.operation !== 'update' || !(touches(change, 'spec.storage') || removed)) return [];
  return [
    {
      rule: 'registry-emptied',
      severity: 'high',
      why: removed
        ? 'the registry goes, and with it every image that was built or pushed in the cluster'
        : 'the registry keeps its images elsewhere, where there are none yet',
      lost: 'images that are nowhere else, and every pod that is started from them',
      instead: 'mirror them first: oc image mirror',
    },
  ];
}

function images(change: Change): Risk {
  return {
    rule: 'image-stream-deleted',
    severity: 'high',
    why: `the tags of '${manifestOf(change).metadata.name}' go, and the registry prunes images that nothing names`,
    lost: 'images that were built or pushed here and are nowhere else',
    instead: 'mirror them first: oc image mirror',
  };
}

import { at, isList, objectsAt, textAt } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload } from '../world';
import { pairs, podsOf } from './pods';
import { keepsData } from './workloads';

/** Settings in a pod template that send a program to other data, keep it from starting, or stop it too soon. */
export const podSettings: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  return [
    ...dataPath(was, will),
    ...otherStore(was, will),
    ...stopping(was, will),
    ...starting(was, will),
    ...updating(was, will),
    ...mounting(was, will),
    ...idle(was, will),
  ];
};

/** Values of the variables that both sides spell out, where they differ. */
function settings(was: JsonObject, will: JsonObject): [string, string, string][] {
  const now = new Map(
    objectsAt(will, 'env').map((variable) => [textAt(variable, 'name'), textAt(variable, 'value')]),
  );
  return objectsAt(was, 'env').flatMap((variable): [string, string, string][] => {
    const [name, old] = [textAt(variable, 'name'), textAt(variable, 'value')];
    const value = now.get(name);
    const differs = old !== undefined && value !== undefined && value !== old;
    return differs ? [[name ?? '', old, value]] : [];
  });
}

/** A setting that pointed into a volume, and points beside it. */
function dataPath(was: Workload, will: Workload): Risk[] {
  const data = keepsData(was);
  if (data.length === 0) return [];
  const templates = objectsAt(was.object.manifest, 'spec', 'volumeClaimTemplates');
  const kept = new Set([
    ...objectsAt(was.pod, 'volumes')
      .filter((volume) => volume['persistentVolumeClaim'] !== undefined)
      .map((volume) => textAt(volume, 'name')),
    ...templates.map((claim) => textAt(claim, 'metadata', 'name')),
  ]);
  return pairs(was, will).flatMap(([container, before, after]) => {
    const mounts = objectsAt(before, 'volumeMounts')
      .filter((mount) => kept.has(textAt(mount, 'name')))
      .flatMap((mount) => textAt(mount, 'mountPath') ?? []);
    const isInside = (path: string): boolean =>
      mounts.some((mount) => path === mount || path.startsWith(`${mount.replace(/\/$/, '')}/`));
    const left = settings(before, after).filter(
      ([, old, now]) => isInside(old) && now.startsWith('/') && old !== now,
    );
    return left.map(([name, old, now]) => ({
      rule: 'data-path-changed',
      severity: 'high' as const,
      why: `container '${container}' looks for its data in ${now} instead of ${old} (${name})${isInside(now) ? '' : ', which is in no volume'}: it starts empty`,
      lost: isInside(now)
        ? 'the sight of what is there'
        : 'everything written from now on, and the sight of what is there',
      instead: 'move the files in the same step, or keep the path',
    }));
  });
}

const STORE =
  /(^|_)(DB|DATABASE|PG|POSTGRES(QL)?|MYSQL|MARIADB|MONGO(DB)?|REDIS|S3|BUCKET|STORAGE|ELASTIC(SEARCH)?|OPENSEARCH|BROKER|AMQP|RABBITMQ|KAFKA)(_|$|HOST|URL|URI|DATABASE)/i;
const WHERE = /HOST|URL|URI|ENDPOINT|SERVER|BUCKET|DATABASE|DB|NAME|ADDR|DSN|PREFIX/i;

function otherStore(was: Workload, will: Workload): Risk[] {
  const moved = pairs(was, will).flatMap(([, before, after]) =>
    settings(before, after).filter(([name]) => STORE.test(name) && WHERE.test(name)),
  );
  if (moved.length === 0) return [];
  const names = [...new Set(moved.map(([name]) => name))];
  return [
    {
      rule: 'other-store',
      severity: 'high',
      why: `by its name, ${listed(names)} says where the program keeps its data, and now says another place`,
      lost: 'the sight of what was written so far; what is written from now on is in two places',
      instead: 'stop the program, copy the data, and only then switch',
    },
  ];
}

function stopping(was: Workload, will: Workload): Risk[] {
  const seconds = ({ pod }: Workload): number =>
    Number(at(pod, 'terminationGracePeriodSeconds') ?? 30);
  const data = keepsData(was);
  if (seconds(will) >= seconds(was)) return [];
  if (data.length === 0) return cutShort(seconds(was), seconds(will));
  const killed = seconds(will) < 5;
  return [
    {
      rule: 'less-time-to-stop',
      severity: killed ? 'high' : 'medium',
      why: `the program has ${seconds(will)} instead of ${seconds(was)} seconds to write what it holds before it is killed`,
      lost: killed
        ? `what was not yet on ${listed(data)}, at every restart`
        : 'the margin for a slow stop',
      instead: 'keep the time; it is only used when it is needed',
    },
  ];
}

/** From here on, whoever wrote the time meant work that must be brought to its end: jobs, sessions, transfers. */
const LONG = 600;

function cutShort(was: number, will: number): Risk[] {
  if (was < LONG || will * 10 > was) return [];
  return [
    {
      rule: 'less-time-to-stop',
      severity: 'high',
      why: `the program has ${will} instead of ${was} seconds to bring its work to an end before it is killed`,
      lost: 'running jobs, sessions or transfers, at every drain and update',
      instead: 'keep the time; it is only used when it is needed',
    },
  ];
}

/** What a pod needs before its first container runs. */
function starting(was: Workload, will: Workload): Risk[] {
  const names = ({ pod }: Workload): string[] =>
    objectsAt(pod, 'imagePullSecrets').flatMap((secret) => textAt(secret, 'name') ?? []);
  const lost = names(was).filter((name) => !names(will).includes(name));
  const scheduler = textAt(will.pod, 'schedulerName') ?? 'default-scheduler';
  const risks: Risk[] = [];
  if (lost.length > 0 && names(will).length === 0) {
    risks.push({
      rule: 'pull-secret-dropped',
      severity: 'high',
      why: `the pods no longer show ${listed(lost)} to the registry: nodes that do not have the image yet cannot pull it`,
      lost: 'these pods, at their next start on another node',
      instead: 'keep it unless the images are public',
    });
  }
  if (scheduler !== (textAt(was.pod, 'schedulerName') ?? 'default-scheduler')) {
    risks.push({
      rule: 'other-scheduler',
      severity: 'high',
      why: `the pods wait for the scheduler '${scheduler}'; without one of that name they stay pending`,
      lost: 'the service, if there is none',
      instead: 'make sure that it runs',
    });
  }
  return risks;
}

/** A mount that other pods of the node see, and no longer do. */
function mounting(was: Workload, will: Workload): Risk[] {
  const shared = (container: JsonObject): string[] =>
    objectsAt(container, 'volumeMounts')
      .filter((mount) => mount['mountPropagation'] === 'Bidirectional')
      .flatMap((mount) => textAt(mount, 'mountPath') ?? []);
  const lost = pairs(was, will).flatMap(([, before, after]) =>
    shared(before).filter((path) => !shared(after).includes(path)),
  );
  if (lost.length === 0) return [];
  return [
    {
      rule: 'mounts-stay-inside',
      severity: 'high',
      why: `what the program mounts in ${listed(lost)} stays in its own container (mountPropagation), so that neither the node nor other pods see it`,
      lost: 'the file systems that other pods get from it',
      instead: 'keep Bidirectional',
    },
  ];
}

const DOES_NOTHING = /^(\S*\/)?(sleep|true|false|pause)$|^tail -f \/dev\/null/;

/** A program that is replaced by another command. */
function idle(was: Workload, will: Workload): Risk[] {
  const words = (container: JsonObject, field: string): string => {
    const list = container[field];
    return isList(list) ? list.map(String).join(' ') : '';
  };
  return pairs(was, will).flatMap(([name, before, after]): Risk[] => {
    const command = words(after, 'command');
    if (command === words(before, 'command')) return [];
    const whole = `${command} ${words(after, 'args')}`.trim();
    const nothing =
      DOES_NOTHING.test(command.split(' ')[0] ?? '') ||
      /(^|\s)(sleep (infinity|\d{4,})|tail -f \/dev\/null)/.test(whole);
    return [
      {
        rule: nothing ? 'program-idle' : 'other-program',
        severity: nothing ? 'high' : 'medium',
        why: nothing
          ? `container '${name}' only waits from now on, in the place of its program`
          : `container '${name}' is started by another command`,
        lost: nothing
          ? 'the service: whatever asks it gets no answer'
          : 'nothing, if the image has it',
        instead: nothing ? 'debug in a copy: kubectl debug --copy-to' : 'try it beside the old one',
      },
    ];
  });
}

/** How old pods give way to new ones. */
function updating(was: Workload, will: Workload): Risk[] {
  const field = will.kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  const all = ({ object, replicas, kind }: Workload): boolean => {
    const strategy = at(object.manifest, 'spec', field);
    const most = at(strategy, 'rollingUpdate', 'maxUnavailable');
    const every =
      most === '100%' || (kind !== 'DaemonSet' && typeof most === 'number' && most >= replicas);
    return textAt(strategy, 'type') === 'Recreate' || every;
  };
  if (!all(will) || all(was)) return [];
  const nodes = will.kind === 'DaemonSet';
  return [
    {
      rule: 'updates-interrupt',
      severity: nodes ? 'high' : 'medium',
      why: `from now on an update stops ${nodes ? 'the pods of all nodes' : 'every pod'} at once`,
      lost: nodes
        ? 'what they do for every other pod of the cluster, meanwhile'
        : 'the service, at every update',
      instead: 'let one go at a time, unless two versions must never run side by side',
    },
  ];
}

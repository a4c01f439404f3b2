import { at, isObject } from '../../../plan/json';
import { manifestOf, type Change, type ReviewedObject } from '../../change';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';

/** Files whose words every site knows: CVMFS clients and the names of the cluster. */
export const knownFiles: Rule = (change) =>
  change.operation === 'update' && manifestOf(change).kind === 'ConfigMap'
    ? [...cvmfs(change), ...names(change)]
    : [];

function filesOf(side: ReviewedObject | undefined): string {
  const data = at(side?.manifest, 'data');
  return Object.values(isObject(data) ? data : {})
    .filter((text) => typeof text === 'string')
    .join('\n');
}

/** `CVMFS_X=value` of a client's files; the last one counts. */
function parametersOf(side: ReviewedObject | undefined): Map<string, string> {
  return new Map(
    [...filesOf(side).matchAll(/^\s*(CVMFS_\w+)=["']?([^"'\n]*?)["']?\s*$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
}

/** What an export over NFS must keep, so that a file has the same number on every replica and after a restart. */
const NUMBERS = ['CVMFS_NFS_SOURCE', 'CVMFS_NFS_SHARED', 'CVMFS_NFS_INTERLEAVED_INODES'];

function cvmfs(change: Change): Risk[] {
  const [was, will] = [parametersOf(change.before), parametersOf(change.after)];
  const risks: Risk[] = [];
  const numbers = NUMBERS.filter((name) => was.has(name) && was.get(name) !== will.get(name));
  if (numbers.length > 0) {
    risks.push({
      rule: 'cvmfs-inodes',
      severity: 'high',
      why: `${listed(numbers)} decides which number a file has over NFS: with other ones, what clients hold open is stale or another file, and replicas disagree`,
      lost: 'running jobs that read from the export',
      instead: 'stop the readers first; serve the new way from a new export',
    });
  }
  const repositories = (side: ReadonlyMap<string, string>): string[] =>
    (side.get('CVMFS_REPOSITORIES') ?? '').split(/[\s,]+/).filter(Boolean);
  const gone = repositories(was).filter((name) => !repositories(will).includes(name));
  if (gone.length > 0) {
    risks.push({
      rule: 'cvmfs-repository-removed',
      severity: 'high',
      why: `${listed(gone)} is no longer mounted`,
      lost: 'every job that takes its software or data from there',
      instead: 'ask the experiment first',
    });
  }
  const proxies = (side: ReadonlyMap<string, string>): string => side.get('CVMFS_HTTP_PROXY') ?? '';
  if (!/DIRECT/.test(proxies(was)) && /^DIRECT$/.test(proxies(will)) && proxies(was) !== '') {
    risks.push({
      rule: 'cvmfs-without-proxy',
      severity: 'high',
      why: 'every client asks the Stratum 1 itself, past the site’s caches',
      lost: 'speed, and the patience of those who run it',
      instead: 'keep a proxy of the site before DIRECT',
    });
  }
  return risks;
}

/** CoreDNS: whose names are answered, and who is asked for the others. */
function names(change: Change): Risk[] {
  const lines = (side: ReviewedObject | undefined, word: string): string =>
    [...filesOf(side).matchAll(new RegExp(`^\\s*${word}\\s[^\\n]*`, 'gm'))]
      .map(([line]) => line.trim().replace(/\s*\{$/, ''))
      .join('; ');
  if (at(change.before?.manifest, 'data', 'Corefile') === undefined) return [];
  const moved = ['kubernetes', 'forward'].filter(
    (word) => lines(change.before, word) !== lines(change.after, word),
  );
  if (moved.length === 0) return [];
  return [
    {
      rule: 'names-of-the-cluster',
      severity: 'high',
      why: `every pod resolves names here, and ${listed(moved)} is another: ${moved.includes('kubernetes') ? 'Services are found in another way, or not at all' : 'names of the outside come from elsewhere'}`,
      lost: 'every connection that begins with a name',
      instead: 'try it with one pod that names this server in its dnsConfig',
    },
  ];
}

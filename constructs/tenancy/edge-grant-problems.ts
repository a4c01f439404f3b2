import type { EdgeGrantProps } from './edge-grant-props';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const REPOSITORY = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/;
const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-f:]+\/\d{1,3}$/;

/** Everything that is wrong with a grant. */
export function edgeGrantProblems(props: EdgeGrantProps): string[] {
  const { team, contact, kinds, repositories, ports, from, to } = props;
  const networks = [...(from ?? []), ...(to === 'anywhere' ? [] : to)];
  return [
    ...(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/.test(team)
      ? []
      : [`team must be lower-case letters, digits and '-', at most 42, got '${team}'`]),
    ...(/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(contact)
      ? []
      : [`contact must be a mail address, got '${contact}'`]),
    ...(kinds.length > 0 ? [] : ['kinds must name at least one kind']),
    ...(repositories.length > 0 ? [] : ['repositories must name at least one']),
    ...repositories
      .filter((repository) => !REPOSITORY.test(repository))
      .map(
        (repository) =>
          `repositories must name registry and path without a tag, such as 'hub.opensciencegrid.org/osg-htc/hosted-ce', got '${repository}'`,
      ),
    ...ports
      .filter((port) => !Number.isInteger(port) || port < 1024 || port > 65535)
      .map((port) => `ports must be 1024 to 65535, as its pods are not root, got ${port}`),
    ...networks
      .filter((network) => !CIDR.test(network))
      .map((network) => `from and to must be networks such as '192.0.2.0/24', got '${network}'`),
    ...levelProblems(props),
    ...amountProblems(props),
    ...dayProblems(props),
  ];
}

function levelProblems({ root, level }: EdgeGrantProps): string[] {
  if (level === undefined) {
    return root === undefined
      ? []
      : [
          `'root' needs 'level' with 'baseline' and the consent of the site, as its pods begin as root: ${root}`,
        ];
  }
  return level.consent.trim().length < 10
    ? [`'level.consent' must say who agreed and why, in a sentence, got '${level.consent}'`]
    : [];
}

function amountProblems({ resources }: EdgeGrantProps): string[] {
  return Object.entries(resources).flatMap(([field, amount]: [string, number]) =>
    amount >= 0 ? [] : [`resources.${field} must be 0 or more, got ${amount}`],
  );
}

function dayProblems({ since, until, longestDays }: EdgeGrantProps): string[] {
  const wrong = Object.entries({ since, until }).flatMap(([field, day]) =>
    DAY.test(day) && !Number.isNaN(Date.parse(day))
      ? []
      : [`${field} must be a day such as '2027-05-31', got '${day}'`],
  );
  if (wrong.length > 0) return wrong;
  const days = Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS);
  if (days < 0) return [`until must not be before since (${since}), got '${until}'`];
  return days <= longestDays
    ? []
    : [
        `the grant lasts ${days} days (${since} to ${until}), and the site grants ${longestDays} at most; make it shorter and renew it`,
      ];
}

/** Whether the last day of a grant is over, or near, seen from a day. */
export function ending(until: string, today: string): 'over' | 'near' | 'far' {
  const days = Math.round((Date.parse(until) - Date.parse(today)) / DAY_MS);
  return days < 0 ? 'over' : days <= 30 ? 'near' : 'far';
}

import type { HarborContentProps, HarborProject, Retention } from './content-props';

const PROJECT = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
const CRON = /^\S+( \S+){5}$/;

/** What is wrong with the props, one message each. */
export function contentProblems(props: HarborContentProps): string[] {
  const { registries = {}, projects, replications = {} } = props;
  const unknown = (prop: string, name: string): string[] =>
    Object.hasOwn(registries, name)
      ? []
      : [
          `'${prop}' must be one of 'registries' (${Object.keys(registries).join(', ')}), got '${name}'`,
        ];
  return [
    ...[...Object.keys(registries), ...Object.keys(projects), ...Object.keys(replications)].flatMap(
      (name) =>
        PROJECT.test(name)
          ? []
          : [
              `a name must be lower-case letters and digits with '.', '_' or '-' between them, got '${name}'`,
            ],
    ),
    ...Object.entries(registries).flatMap(([name, { url }]) =>
      /^https?:\/\/\S+$/.test(url) ? [] : [`'registries.${name}.url' must be a URL, got '${url}'`],
    ),
    ...Object.entries(projects).flatMap(([name, project]) => [
      ...projectProblems(`projects.${name}`, project, props),
      ...(project.cacheOf === undefined
        ? []
        : unknown(`projects.${name}.cacheOf`, project.cacheOf)),
    ]),
    ...Object.entries(replications).flatMap(([name, { registry, direction, when }]) => [
      ...unknown(`replications.${name}.registry`, registry),
      ...(direction === 'pull' && when === 'pushed'
        ? [
            `'replications.${name}.when' must be a schedule or 'by-hand': nobody tells this Harbor what is pushed to '${registry}'`,
          ]
        : []),
      ...(typeof when === 'object' ? cronProblems(`replications.${name}.when`, when.schedule) : []),
    ]),
  ];
}

function projectProblems(at: string, project: HarborProject, props: HarborContentProps): string[] {
  const { quotaGiB, members = [], robots = {}, retention } = project;
  const groups = props.identity?.groups;
  const seen = new Set<string>();
  return [
    ...(quotaGiB === 'unlimited' || (Number.isInteger(quotaGiB) && quotaGiB > 0)
      ? []
      : [`'${at}.quotaGiB' must be a whole number from 1 or 'unlimited', got ${quotaGiB}`]),
    ...members.flatMap(({ who }) => {
      const [kind, name] = 'group' in who ? ['group', who.group] : ['user', who.user];
      const key = `${kind} ${name}`;
      const again = seen.has(key);
      seen.add(key);
      return [
        ...(again
          ? [`'${at}.members' names the ${kind} '${name}' twice; a member has one role`]
          : []),
        ...(kind === 'group' && props.harbor.people === 'own'
          ? [
              `'${at}.members' names the group '${name}', but Harbor itself knows no groups; give it an identity provider`,
            ]
          : []),
        ...(kind === 'group' && groups !== undefined && !groups.includes(name)
          ? [
              `'${at}.members' must be groups of the identity provider (${groups.join(', ')}), got '${name}'`,
            ]
          : []),
      ];
    }),
    ...Object.entries(robots).flatMap(([name, { may, days, pullSecretsIn }]) => [
      ...(PROJECT.test(name)
        ? []
        : [`'${at}.robots' must have names of lower-case letters and digits, got '${name}'`]),
      ...(may.length > 0 ? [] : [`'${at}.robots.${name}.may' must name something, got nothing`]),
      ...(days === undefined || days === 'never' || (Number.isInteger(days) && days > 0)
        ? []
        : [`'${at}.robots.${name}.days' must be a whole number from 1 or 'never', got ${days}`]),
      ...(pullSecretsIn.length === 0 || may.includes('pull')
        ? []
        : [
            `'${at}.robots.${name}.may' must have 'pull', as pods are to pull with it, got ${may.join(', ')}`,
          ]),
    ]),
    ...(project.cacheOf !== undefined &&
    Object.values(robots).some(({ may }) => may.includes('push'))
      ? [`'${at}.robots' must not push: a cache takes images from '${project.cacheOf}' only`]
      : []),
    ...(retention === undefined ? [] : retentionProblems(`${at}.retention`, retention)),
  ];
}

function retentionProblems(at: string, { schedule, keep }: Retention): string[] {
  return [
    ...cronProblems(`${at}.schedule`, schedule),
    ...(keep.length > 0 && keep.length <= 15
      ? []
      : [
          `'${at}.keep' must be 1 to 15 rules, got ${keep.length}; without a rule everything would be deleted`,
        ]),
    ...keep.flatMap(({ rule }) =>
      Object.entries(rule).flatMap(([what, number]) =>
        Number.isInteger(number) && number > 0
          ? []
          : [`'${at}.keep' must have a whole number from 1 for '${what}', got ${number}`],
      ),
    ),
  ];
}

function cronProblems(at: string, schedule: string): string[] {
  return CRON.test(schedule)
    ? []
    : [
        `'${at}' must be six fields of cron, the first for seconds, as '0 0 2 * * *', got '${schedule}'`,
      ];
}

import { at, isList, isObject, objectsAt, textAt } from '../../plan/json';
import type { Json, JsonObject } from '../../plan/model';
import { BY_NAME, projectId, text, type KindOfThing } from './kind';

/** Which images of a project are kept. */
export const RETENTION: KindOfThing = {
  create: async (client, spec) => {
    const project = await client.find(`/projects/${text(spec, 'project')}`, BY_NAME);
    const there = textAt(project, 'metadata', 'retention_id');
    const body = {
      ...bodyOf(spec),
      scope: { level: 'project', ref: await projectId(client, text(spec, 'project')) },
    };
    const known =
      there === undefined || there === '' ? undefined : await client.find(`/retentions/${there}`);
    if (there === undefined || known === undefined) return client.create('/retentions', body);
    await client.put(`/retentions/${there}`, { ...body, id: Number(there) });
    return there;
  },
  read: async (client, id, spec) => {
    const found = await client.find(`/retentions/${id}`);
    if (found === undefined) return undefined;
    return {
      ...spec,
      schedule: textAt(found, 'trigger', 'settings', 'cron') ?? '',
      keep: objectsAt(found, 'rules').map(keptBy),
    };
  },
  update: async (client, id, spec) => {
    const scope = { level: 'project', ref: await projectId(client, text(spec, 'project')) };
    await client.put(`/retentions/${id}`, { ...bodyOf(spec), id: Number(id), scope });
  },
  remove: (client, id) => client.remove(`/retentions/${id}`),
};

/** Names of Harbor's templates, and of their only parameter, by ours (`src/pkg/retention/policy/rule`). */
const TEMPLATES: Readonly<Record<string, string>> = {
  newest: 'latestPushedK',
  pushedWithinDays: 'nDaysSinceLastPush',
  pulledWithinDays: 'nDaysSinceLastPull',
};

function bodyOf(spec: JsonObject): JsonObject {
  return {
    algorithm: 'or',
    trigger: { kind: 'Schedule', settings: { cron: text(spec, 'schedule') } },
    rules: objectsAt(spec, 'keep').map((kept): JsonObject => {
      const [[what, amount] = ['', 0]] = Object.entries(asObject(kept['rule']));
      const template = TEMPLATES[what] ?? what;
      const matching = (pattern: string, decoration: string): JsonObject => ({
        kind: 'doublestar',
        decoration,
        pattern,
      });
      return {
        action: 'retain',
        disabled: false,
        template,
        params: { [template]: amount },
        tag_selectors: [matching(text(kept, 'tags'), 'matches')],
        scope_selectors: { repository: [matching(text(kept, 'repositories'), 'repoMatches')] },
      };
    }),
  };
}

/** A rule of Harbor in our words. */
function keptBy(rule: JsonObject): JsonObject {
  const template = text(rule, 'template');
  const what = Object.keys(TEMPLATES).find((name) => TEMPLATES[name] === template) ?? template;
  const repositories = at(rule, 'scope_selectors', 'repository');
  const [repository] = isList(repositories) ? repositories : [];
  const [tag] = objectsAt(rule, 'tag_selectors');
  return {
    rule: rule['disabled'] === true ? {} : { [what]: at(rule, 'params', template) },
    repositories: textAt(repository, 'pattern') ?? '',
    tags: textAt(tag, 'pattern') ?? '',
  };
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

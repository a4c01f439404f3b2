import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { Target } from '../../constructs/targets';
import type { Plan, PlannedObject } from '../../plan/model';
import { objectsOf } from '../../plan/model';
import { planOf, type PlanOptions } from '../../plan/plan-of';

/** The fields of an object beside its kind and name. */
export type Fields = Readonly<Record<string, unknown>>;

/** Adds an object to a tree: `object(chart, 'v1 ConfigMap settings')`. */
export function object(scope: Construct, what: string, fields: Fields = {}): ApiObject {
  const [apiVersion = '', kind = '', name = ''] = what.split(' ');
  return new ApiObject(scope, `${kind}-${name}`, {
    apiVersion,
    kind,
    metadata: { name },
    ...fields,
  });
}

/** The spec of a pod that runs one container, with whatever is to be tried. */
export function podSpec(fields: Fields = {}, container: Fields = {}): Fields {
  return {
    containers: [{ name: 'server', image: 'example.org/server:1', ...container }],
    ...fields,
  };
}

/** The spec of a Deployment with that pod. */
export function deploymentSpec(pod: Fields = podSpec()): Fields {
  return { selector: {}, template: { metadata: {}, spec: pod } };
}

/** The plan of a tree that `build` fills, as environment `test`. */
export function planFrom(build: (app: App) => void, options: Partial<PlanOptions> = {}): Plan {
  const app = new App();
  build(app);
  return planOf(app, {
    environment: 'test',
    target: Target.parse('kubernetes 1.34'),
    data: 'keep',
    moved: [],
    provided: [],
    ...options,
  });
}

/** The plan of one chart `chart` in namespace `ns`. */
export function planOfChart(
  build: (chart: Chart) => void,
  options: Partial<PlanOptions> = {},
): Plan {
  return planFrom((app) => build(new Chart(app, 'chart', { namespace: 'ns' })), options);
}

/** The object of that id. Throws if the plan has none. */
export function planned(plan: Plan, id: string): PlannedObject {
  const found = objectsOf(plan).find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  const ids = objectsOf(plan).map((candidate) => candidate.id);
  throw new Error(`the plan has no '${id}'; it has ${ids.join(', ')}`);
}

/** The one object that a chart with this object alone plans. */
export function plannedAlone(
  what: string,
  fields: Fields = {},
  options: Partial<PlanOptions> = {},
): PlannedObject {
  const plan = planOfChart((chart) => void object(chart, what, fields), options);
  const [only] = objectsOf(plan);
  if (only === undefined) throw new Error('the plan is empty');
  return only;
}

import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject, Manifest } from '../../../plan/model';
import { manifestOf, type Change, type ReviewedObject } from '../../change';
import type { Context } from '../context';
import { called, listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import { selects } from '../selector';

/** Admission that watches more or less than before, and namespaces that step out of its sight. */
export const guards: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const { kind } = manifestOf(change);
  if (/^(Mutating|Validating)WebhookConfiguration$/.test(kind)) return webhooks(change);
  if (/^(Mutating|Validating)AdmissionPolicy$/.test(kind)) return policy(change);
  if (/^(Mutating|Validating)AdmissionPolicyBinding$/.test(kind)) return binding(change);
  return kind === 'Namespace' ? leaves(change, context) : [];
};

const SCOPE = ['rules', 'namespaceSelector', 'objectSelector', 'matchConditions'] as const;

function webhooks(change: Change): Risk[] {
  const old = new Map(
    objectsAt(change.before?.manifest, 'webhooks').map((hook) => [textAt(hook, 'name'), hook]),
  );
  return objectsAt(change.after?.manifest, 'webhooks').flatMap((hook): Risk[] => {
    const was = old.get(textAt(hook, 'name'));
    if (was === undefined) return [];
    const name = textAt(hook, 'name') ?? '';
    const [soft, hard] = [was, hook].map((side) => side['failurePolicy'] !== 'Ignore');
    const scope = SCOPE.filter((field) => spelled(was[field]) !== spelled(hook[field]));
    const moved = spelled(was['clientConfig']) !== spelled(hook['clientConfig']);
    if (soft === hard && scope.length === 0 && !moved) return [];
    if (hard !== true && scope.length === 0) return [];
    return [
      {
        rule: 'webhook-watches-otherwise',
        severity: 'high',
        why:
          soft === false && hard === true
            ? `what '${name}' watches is refused from now on while it does not answer`
            : `'${name}' ${moved ? 'is asked somewhere else' : `watches other requests (${listed(scope)})`}`,
        lost: 'writes that it now refuses or does not answer, or the guarantee for those that it no longer sees',
        instead: 'try it with failurePolicy Ignore first, and leave its own namespace out',
      },
    ];
  });
}

/** Texts in a CEL expression are what is allowed; the rest of it is the rule. */
function skeleton(expression: string): string {
  return expression.replace(/'[^']*'|"[^"]*"/g, '""');
}

function policy(change: Change): Risk[] {
  const expressions = (object: ReviewedObject | undefined): string[] =>
    ['validations', 'mutations'].flatMap((field) =>
      objectsAt(object?.manifest, 'spec', field).map(
        (entry) => textAt(entry, 'expression') ?? spelled(entry),
      ),
    );
  const [was, will] = [expressions(change.before), expressions(change.after)];
  const rewritten = was.filter((expression) => !will.includes(expression));
  const skeletons = will.map(skeleton);
  const emptied = will.some((expression) => !was.includes(expression) && /''|""/.test(expression));
  const other =
    rewritten.some((expression) => !skeletons.includes(skeleton(expression))) || emptied;
  const scope = ['matchConstraints', 'matchConditions', 'paramKind', 'variables'].filter(
    (field) => {
      const [before, after] = [change.before, change.after].map((side) =>
        spelled(at(side?.manifest, 'spec', field)),
      );
      return before !== after;
    },
  );
  const watched = scope.filter((field) => field !== 'variables');
  if (rewritten.length === 0 && scope.length === 0) return [];
  const wider = other || watched.length > 0;
  return [
    {
      rule: 'admission-rewritten',
      severity: wider ? 'high' : 'medium',
      why: wider
        ? `the policy asks something else${scope.length > 0 ? `, or of other requests (${listed(scope)})` : ''}: what it refused may be accepted`
        : 'the values that the policy allows are other ones',
      lost: 'the guarantee that it gave, for everything made from now on',
      instead: 'try both sides: something it must refuse, and something it must accept',
    },
  ];
}

function binding(change: Change): Risk[] {
  const fields = ['matchResources', 'policyName', 'paramRef'].filter((field) => {
    const [before, after] = [change.before, change.after].map((side) =>
      spelled(at(side?.manifest, 'spec', field)),
    );
    return before !== after;
  });
  if (fields.length === 0) return [];
  return [
    {
      rule: 'admission-rewritten',
      severity: 'high',
      why: `the policy holds for other requests or by other values (${listed(fields)})`,
      lost: 'the guarantee for what it no longer sees',
      instead: 'compare what it selects before and after: kubectl get namespaces -l ...',
    },
  ];
}

/** Selectors by which something guards a namespace, or lets it in. */
function leaves(change: Change, { before }: Context): Risk[] {
  const [was, will] = [change.before, change.after].map((side) =>
    at(side?.manifest, 'metadata', 'labels'),
  );
  const losing = (selector: Json): boolean =>
    selects(selector, was ?? {}) && !selects(selector, will ?? {});
  const found = [...before.side.values()]
    .filter(({ manifest }) => /Policy|Webhook|Quota/.test(manifest.kind))
    .filter(({ manifest }) => namespaceSelectors(manifest).some(losing));
  if (found.length === 0) return [];
  return [
    {
      rule: 'namespace-leaves-rules',
      severity: 'high',
      why: `with its new labels the namespace is no longer what ${listed(found.map(called))} selects: it is not guarded, or not let in, any more`,
      lost: 'the guarantees or the connections that hung on the labels',
      instead: 'keep the labels, or change the selectors in the same deployment',
    },
  ];
}

function namespaceSelectors(manifest: Manifest): JsonObject[] {
  const found: JsonObject[] = [];
  const walk = (value: Json | undefined): void => {
    if (isList(value)) {
      value.forEach(walk);
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        const chosen = key === 'namespaceSelector' && isObject(inner);
        if (chosen && Object.keys(inner).length > 0) found.push(inner);
        walk(inner);
      }
    }
  };
  walk(manifest['spec']);
  walk(manifest['webhooks']);
  return found;
}

import ts from 'typescript';

/** A rule of `check` or of ranked previews, as the code has it. */
export interface RuleText {
  readonly id: string;
  readonly severities: readonly string[];
  /** What it says, with `…` for what it says it of. */
  readonly says: readonly string[];
  readonly file: string;
}

/** Every rule that a file can report: object literals with `rule`, `severity` and `reason` or `why`. */
export function rulesIn(path: string, text: string): RuleText[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: RuleText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const id = textsOf(node, 'rule')[0];
      const says = [...textsOf(node, 'reason'), ...textsOf(node, 'why')];
      const severities = textsOf(node, 'severity');
      if (id !== undefined && says.length > 0) found.push({ id, severities, says, file: path });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** All rules, one line an id, severities and texts together. */
export function merged(rules: readonly RuleText[]): RuleText[] {
  const byId = new Map<string, RuleText>();
  for (const rule of rules) {
    const known = byId.get(rule.id);
    byId.set(rule.id, {
      ...rule,
      severities: [...new Set([...(known?.severities ?? []), ...rule.severities])],
      says: [...new Set([...(known?.says ?? []), ...rule.says])],
    });
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The texts that a property can have: of a literal, of a template, of either side of a condition. */
function textsOf(node: ts.ObjectLiteralExpression, name: string): string[] {
  const property = node.properties
    .filter(ts.isPropertyAssignment)
    .find((candidate) => candidate.name.getText() === name);
  return property === undefined ? [] : texts(property.initializer);
}

function texts(value: ts.Expression): string[] {
  if (ts.isStringLiteral(value) || ts.isNoSubstitutionTemplateLiteral(value)) return [value.text];
  if (ts.isTemplateExpression(value)) {
    return [
      value.head.text + value.templateSpans.map(({ literal }) => `…${literal.text}`).join(''),
    ];
  }
  if (ts.isConditionalExpression(value))
    return [...texts(value.whenTrue), ...texts(value.whenFalse)];
  if (ts.isParenthesizedExpression(value)) return texts(value.expression);
  if (ts.isBinaryExpression(value)) {
    const [left = '…'] = texts(value.left);
    const [right = '…'] = texts(value.right);
    return [left + right];
  }
  return [];
}

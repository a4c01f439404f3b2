import ts from 'typescript';

/** Something that code exports, as the reference shows it. */
export interface Entry {
  readonly kind: 'class' | 'function' | 'interface' | 'type';
  readonly name: string;
  /** What its doc comment says, without tags. */
  readonly text: string;
  /** What a class or function takes, or a type is, in one line. Empty for an interface. */
  readonly signature: string;
  readonly fields: readonly Field[];
}

/** One property, with those inside it. */
export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly text: string;
  /** What its `@default` says. Empty where there is none. */
  readonly fallback: string;
  readonly inner: readonly Field[];
}

/** Everything that a file exports and says something about, in the order of the file. */
export function entriesOf(path: string, text: string): Entry[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return file.statements.filter(isExported).flatMap((statement): Entry[] => {
    if (ts.isInterfaceDeclaration(statement)) {
      const above = statement.heritageClauses?.map((clause) => oneLine(clause)).join(' ') ?? '';
      return [{ ...named('interface', statement), signature: above, fields: fieldsIn(statement) }];
    }
    if (ts.isTypeAliasDeclaration(statement)) {
      const fields = variantsOf(statement.type);
      return [{ ...named('type', statement), signature: shape(statement.type), fields }];
    }
    if (ts.isClassDeclaration(statement)) {
      const made = statement.members.find((member) => ts.isConstructorDeclaration(member));
      const heads = statement.heritageClauses?.map((clause) => oneLine(clause)).join(' ') ?? '';
      const signature =
        made === undefined ? heads : `new ${nameOf(statement)}${takes(made)} ${heads}`;
      return [{ ...named('class', statement), signature: signature.trim(), fields: [] }];
    }
    if (ts.isFunctionDeclaration(statement)) {
      const answer = statement.type === undefined ? '' : `: ${oneLine(statement.type)}`;
      const signature = `${nameOf(statement)}${takes(statement)}${answer}`;
      return [{ ...named('function', statement), signature, fields: [] }];
    }
    return [];
  });
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function named(
  kind: Entry['kind'],
  node: ts.DeclarationStatement,
): Pick<Entry, 'kind' | 'name' | 'text'> {
  return { kind, name: nameOf(node), text: docOf(node) };
}

function nameOf({ name }: ts.DeclarationStatement): string {
  return name?.getText() ?? '';
}

function takes({ parameters }: ts.SignatureDeclaration): string {
  const each = parameters.map(({ name, type, questionToken }) => {
    const word = ts.isIdentifier(name) ? name.text : 'props';
    return `${word}${questionToken ? '?' : ''}: ${type === undefined ? 'unknown' : oneLine(type)}`;
  });
  return `(${each.join(', ')})`;
}

/** The variants of a union that are objects, each under what tells it from the others. */
function variantsOf(type: ts.TypeNode): Field[] {
  if (ts.isTypeLiteralNode(type)) return fieldsIn(type);
  const parts = ts.isUnionTypeNode(type) ? [...type.types] : [type];
  return parts.flatMap((variant, index): Field[] => {
    if (!ts.isTypeLiteralNode(variant)) return [];
    const told = [...variant.members].find(
      (member) =>
        ts.isPropertySignature(member) &&
        member.type !== undefined &&
        ts.isLiteralTypeNode(member.type),
    );
    const own = told?.name?.getText();
    const name = told === undefined ? '{…}' : oneLine(told).replace(/^readonly |;$/g, '');
    // The comment of a variant stands before its bar, where TypeScript gives it to nobody.
    const from = parts[index - 1]?.end ?? type.getFullStart();
    const before = variant.getSourceFile().text.slice(from, variant.getStart());
    const text = words(/\/\*\*([\s\S]*?)\*\//.exec(before)?.[1]?.replace(/^\s*\*/gm, '') ?? '');
    const inner = fieldsIn(variant).filter((field) => field.name !== own);
    return [{ name, optional: false, type: '', text, fallback: '', inner }];
  });
}

function fieldsIn({ members }: ts.InterfaceDeclaration | ts.TypeLiteralNode): Field[] {
  return members.flatMap((member): Field[] => {
    if (ts.isMethodSignature(member)) {
      const answer = member.type === undefined ? '' : `: ${shape(member.type)}`;
      const type = `${takes(member)}${answer}`;
      return [{ ...fieldBase(member, member.name), type, inner: [] }];
    }
    if (!ts.isPropertySignature(member)) return [];
    const { type } = member;
    const inner =
      type === undefined ? [] : literalsIn(type).flatMap((literal) => fieldsIn(literal));
    return [
      { ...fieldBase(member, member.name), type: type === undefined ? '' : shape(type), inner },
    ];
  });
}

function fieldBase(
  member: ts.TypeElement,
  name: ts.PropertyName,
): Pick<Field, 'name' | 'optional' | 'text' | 'fallback'> {
  const given = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
  return {
    name: name.getText(),
    optional: member.questionToken !== undefined,
    text: docOf(member),
    fallback: words(ts.getTextOfJSDocComment(given?.comment) ?? ''),
  };
}

/** The object types that a type is made of directly: itself, one of a union, what a list holds. */
function literalsIn(type: ts.TypeNode): ts.TypeLiteralNode[] {
  if (ts.isTypeLiteralNode(type)) return [type];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(literalsIn);
  if (ts.isArrayTypeNode(type)) return literalsIn(type.elementType);
  if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return literalsIn(type.type);
  return [];
}

/** The type as it is written, in one line, its objects left out: their fields follow. */
function shape(type: ts.TypeNode): string {
  const whole = type.getText();
  const cut = literalsIn(type).reduce(
    (text, literal) => text.replace(literal.getText(), '{…}'),
    whole,
  );
  return words(cut.replace(/\/\*[\s\S]*?\*\//g, '')).replace(/^\| /, '');
}

function oneLine(node: ts.Node): string {
  return words(node.getText());
}

function docOf(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return words(ts.getTextOfJSDocComment(docs.at(-1)?.comment) ?? '');
}

function words(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

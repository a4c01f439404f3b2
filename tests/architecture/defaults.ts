import ts from 'typescript';

/** Every optional property of the exported interfaces of a file whose doc comment has no `@default`. */
export function undocumentedDefaults(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return file.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement))
    .filter(
      ({ modifiers }) =>
        modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true,
    )
    .flatMap(({ name, members }) => inMembers(path, name.text, members));
}

function inMembers(path: string, owner: string, members: ts.NodeArray<ts.TypeElement>): string[] {
  return members
    .filter((member) => ts.isPropertySignature(member))
    .flatMap((member) => {
      const name = member.name.getText();
      const optional = member.questionToken !== undefined;
      const documented = ts.getJSDocTags(member).some((tag) => tag.tagName.text === 'default');
      const own =
        optional && !documented
          ? [
              `${path}: '${name}' of ${owner} is optional and has no @default; ` +
                'say in its doc comment what holds without it',
            ]
          : [];
      const inner =
        member.type !== undefined && ts.isTypeLiteralNode(member.type) ? member.type : undefined;
      return [
        ...own,
        ...(inner === undefined ? [] : inMembers(path, `${owner}.${name}`, inner.members)),
      ];
    });
}

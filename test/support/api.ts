import { join, relative } from 'node:path'
import ts from 'typescript'

const printer = ts.createPrinter({ removeComments: true })

type Declared = ts.Declaration & ts.Statement

const isDeclared = (node: ts.Node): node is Declared =>
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isFunctionDeclaration(node)

/** The statement that declares a symbol: of a constant the whole line, of a member what it is a member of. */
function statementOf(declaration: ts.Declaration): ts.Statement | undefined {
  let node: ts.Node = declaration
  while (!ts.isSourceFile(node.parent)) node = node.parent
  return isDeclared(node) || ts.isVariableStatement(node) ? node : undefined
}

/**
 * All that someone can rely on who uses the types of a package: what each entry exports, and every declaration of the
 * package that these lead to, exported or not.
 *
 * @param folder Where the package is.
 * @param entries The declarations of each entry, by its name, within the folder.
 * @returns text: the exports of each entry, then the declarations by name, without their documentation
 */
export function publicApi(folder: string, entries: Readonly<Record<string, string>>): string {
  const files = Object.values(entries).map(file => join(folder, file))
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const declared = new Map<ts.Statement, string>()

  function resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }

  function follow(node: ts.Node): void {
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined
    if (symbol) take(resolved(symbol))
    ts.forEachChild(node, follow)
  }

  function take(symbol: ts.Symbol): void {
    for (const declaration of symbol.declarations ?? []) {
      const file = declaration.getSourceFile()
      const isOurs = !relative(folder, file.fileName).startsWith('..')
      const statement = isOurs && !ts.isSourceFile(declaration) ? statementOf(declaration) : undefined
      if (!statement || declared.has(statement)) continue
      const text = printer.printNode(ts.EmitHint.Unspecified, statement, file)
      declared.set(statement, text.replace(/^(export )?(declare )?/, ''))
      follow(statement)
    }
  }

  const exported = Object.entries(entries).map(([entry, file]) => {
    const source = program.getSourceFile(join(folder, file))
    const symbol = source && checker.getSymbolAtLocation(source)
    if (!symbol) throw new Error(`${file} is no module.`)
    const symbols = checker.getExportsOfModule(symbol)
    for (const one of symbols) take(resolved(one))
    const names = symbols.map(one =>
      resolved(one).name === one.name ? one.name : `${one.name} = ${resolved(one).name}`,
    )
    return `${entry}\n${names
      .sort()
      .map(name => `  ${name}\n`)
      .join('')}`
  })
  return `${exported.join('\n')}\n${[...declared.values()].sort().join('\n\n')}\n`
}

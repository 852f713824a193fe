"""Print what the house is measured by: loose files, economies held by modules, functions without types."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("model", "calibration", "experiments")
FACTORIES = {"reference", "two_sector", "Economy"}


def main():
    for package in PACKAGES:
        print(f"loose files at the top of {package}: {len(list((ROOT / package).glob('[!_]*.py')))}")
    modules = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    trees = {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in modules}
    held = [f"{path}:{line}" for path, tree in trees.items() for line in economies_held(tree)]
    print(f"economies held by modules: {len(held)} {' '.join(held)}".rstrip())
    functions = [f for path, tree in trees.items() if path.parts[0] != "experiments" for f in public_functions(tree)]
    print(f"annotated public functions of model and calibration: {sum(map(annotated, functions))} of {len(functions)}")


def economies_held(tree):
    """Lines in which a module assigns an economy to a name of its own."""
    for statement in tree.body:
        made_by = getattr(getattr(getattr(statement, "value", None), "func", None), "id", None)
        if isinstance(statement, ast.Assign) and made_by in FACTORIES:
            yield statement.lineno


def public_functions(tree):
    """Functions of a module and methods of its classes whose names are public; functions inside functions are not."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def annotated(function):
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    typed = (a.annotation for a in arguments if a.arg not in ("self", "cls"))
    return function.returns is not None and all(typed)


if __name__ == "__main__":
    main()

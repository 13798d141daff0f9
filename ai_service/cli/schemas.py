"""The command that prints the JSON schemas of inputs and outputs, for hosts in other languages."""

from typing import Annotated

import typer
from pydantic import BaseModel, JsonValue

from ai_service.cli.options import Json
from ai_service.cli.terminal import out, print_json
from ai_service.recipe import recipe_of
from models.brief import Brief
from models.vocabulary import Feature


def schema(
    name: Annotated[str | None, typer.Argument(help="One schema, e.g. Brief or Post. Default: all.")] = None,
    as_json: Json = False,
) -> None:
    """Print the JSON schemas of inputs and outputs."""
    found = schemas()
    by_name = {key: item for side in found.values() for key, item in side.items()}
    if name is not None and name not in by_name:
        raise typer.BadParameter(f"no schema {name!r}: choose from {', '.join(by_name)}", param_hint="NAME")
    document: JsonValue = {**found} if name is None else by_name[name]
    if as_json or not out().is_terminal:
        print_json(document)
    else:
        out().print_json(data=document)


def schemas() -> dict[str, dict[str, JsonValue]]:
    """Return `inputs` (the brief and the arguments of each generating function) and `outputs`, by name."""
    recipes = [recipe_of(feature) for feature in Feature]
    inputs: list[type[BaseModel]] = [Brief, *(recipe.request for recipe in recipes)]
    return {
        "inputs": {model.__name__: model.model_json_schema(mode="validation") for model in inputs},
        "outputs": {
            recipe.output.__name__: recipe.output.model_json_schema(mode="serialization") for recipe in recipes
        },
    }

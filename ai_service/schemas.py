"""The JSON schemas of what goes in and what comes out, for hosts in other languages."""

from importlib import import_module

from pydantic import BaseModel, JsonValue

from ai_service.recipe import Recipe
from ai_service.requests import CallRequest
from models.base import Output
from models.brief import Brief
from models.vocabulary import Feature


def schemas() -> dict[str, dict[str, JsonValue]]:
    """Return `inputs` (the brief and the arguments of each generating function) and `outputs`, by name."""
    recipes = [_recipe(feature) for feature in Feature]
    inputs: list[type[BaseModel]] = [Brief, *(recipe.request for recipe in recipes)]
    return {
        "inputs": {model.__name__: model.model_json_schema(mode="validation") for model in inputs},
        "outputs": {
            recipe.output.__name__: recipe.output.model_json_schema(mode="serialization") for recipe in recipes
        },
    }


def _recipe(feature: Feature) -> Recipe[CallRequest, object, Output]:
    return import_module(f".features.{feature}", __package__).RECIPE

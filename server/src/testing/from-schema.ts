import fc from 'fast-check';
import { z } from 'zod';

/** What of JSON Schema (2020-12) zod writes. */
interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

const MAX_LENGTH = 40;
const MAX_ITEMS = 4;
const GREATEST = 1_000_000;

/**
 * Values that a schema takes, as far as its JSON Schema tells: what it checks in code of its own may refuse some.
 * @param known arbitraries of fields by name, in place of what the schema says
 */
export function fromSchema(
  schema: z.ZodType,
  known: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return new Generator(json.$defs ?? {}, known).of(json);
}

class Generator {
  readonly #defs: Readonly<Record<string, JsonSchema>>;
  readonly #known: Readonly<Record<string, fc.Arbitrary<unknown>>>;

  constructor(
    defs: Readonly<Record<string, JsonSchema>>,
    known: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  ) {
    this.#defs = defs;
    this.#known = known;
  }

  of(schema: JsonSchema): fc.Arbitrary<unknown> {
    const { $ref, anyOf, oneOf, allOf } = schema;
    if ($ref !== undefined) return this.of(this.#defs[$ref.replace('#/$defs/', '')] ?? {});
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const choices = anyOf ?? oneOf;
    if (choices) return fc.oneof(...choices.map((choice) => this.of(choice)));
    // Several conditions on one value: a text that must fit several patterns, say. The first is met.
    if (allOf?.[0]) return this.of({ ...schema, ...allOf[0], allOf: [] });
    return this.#ofType(schema);
  }

  #ofType(schema: JsonSchema): fc.Arbitrary<unknown> {
    const { minimum = 0, maximum = GREATEST } = schema;
    const range = { min: Math.max(minimum, -GREATEST), max: Math.min(maximum, GREATEST) };
    switch (schema.type) {
      case 'string':
        return textOf(schema);
      case 'integer':
        return fc.integer(range);
      case 'number':
        return fc.double({ ...range, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return fc.array(this.of(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS)),
        });
      case 'object':
        return this.#object(schema);
      default:
        return fc.jsonValue();
    }
  }

  #object({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
    const fields = Object.entries(properties).map(
      ([name, field]) => [name, this.#known[name] ?? this.of(field)] as const,
    );
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  }
}

const LOOKAHEAD = /\(\?[=!][^()]*\)/g;

function textOf({
  pattern,
  format,
  minLength = 0,
  maxLength = MAX_LENGTH,
}: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  // What looks ahead only narrows it down, and can't be made: some of these texts are refused.
  if (pattern !== undefined)
    return fc.stringMatching(new RegExp(pattern.replaceAll(LOOKAHEAD, '')), { maxLength });
  return fc.string({
    unit: 'grapheme',
    minLength,
    maxLength: Math.max(minLength, Math.min(maxLength, MAX_LENGTH)),
  });
}

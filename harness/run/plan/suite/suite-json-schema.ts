/** The schema of suites for editors: `docs/suite.schema.json`. */
import { z } from 'zod';
import { knobValues, suiteSchema } from './suite-schema.js';

/** Of what a file may say; a part that a program defines is no data. */
export const suiteJsonSchema = (): z.core.JSONSchema.BaseSchema => ({
  ...jsonSchemaOf(
    suiteSchema.extend({
      $schema: z.string().optional(),
      scales: z
        .strictObject({ imagenet: suiteSchema.omit({ id: true, question: true }).partial() })
        .optional()
        .describe(
          'what is another at the scale of 224 pixels, which `@imagenet` after the name of the file chooses',
        ),
    }),
  ),
  title: 'A lightbench suite',
});

const jsonSchemaOf = (schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema.readOnly;
      const choices = jsonSchema.anyOf?.filter((choice) => Object.keys(choice).length > 0);
      if (choices !== undefined) jsonSchema.anyOf = choices;
      const forms = formsOf(zodSchema);
      if (forms === null) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      jsonSchema.anyOf = forms.map(withoutDialect);
    },
  });

/** What may be written where the schema's own reader makes a list of it; null where it is read as it is. */
const formsOf = (schema: z.core.$ZodType): readonly z.core.$ZodType[] | null => {
  if (schema === knobValues.schema) return knobValues.forms;
  if (!(schema instanceof z.ZodPipe && schema.def.in instanceof z.ZodTransform)) return null;
  // One may stand alone.
  return schema.def.out instanceof z.ZodArray ? [schema.def.out.element, schema.def.out] : null;
};

const withoutDialect = (schema: z.core.$ZodType): z.core.JSONSchema.BaseSchema => {
  const { $schema: _, ...inner } = jsonSchemaOf(schema);
  return inner;
};

/** Writes docs/recipe.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package/package-root.js';
import { recipeMarkdown } from './markdown.js';

writeFileSync(join(packageRoot(), 'docs', 'recipe.md'), recipeMarkdown());

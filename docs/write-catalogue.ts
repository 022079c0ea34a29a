/** Writes docs/catalogue.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueMarkdown } from '../harness/catalogue/markdown.js';
import { packageRoot } from '../harness/package-root.js';

writeFileSync(join(packageRoot(), 'docs', 'catalogue.md'), catalogueMarkdown());

/** Writes docs/catalogue.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package/package-root.js';
import { catalogueMarkdown } from './markdown.js';

writeFileSync(join(packageRoot(), 'docs', 'catalogue.md'), catalogueMarkdown());

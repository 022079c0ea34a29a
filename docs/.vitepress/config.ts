/** The site of the documentation: `npm run docs:site`. A link to a page that does not exist ends the build. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';

const GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Begin here': {
    'from-question-to-figure': 'From a question to a figure',
    'your-own-block': 'Your own block',
    suites: 'Suites',
    recipe: 'The recipe',
    'your-own-data': 'Your own data',
    import: 'From PyTorch and ONNX',
  },
  Results: {
    page: 'The page of a run',
    figures: 'Figures and tables',
    method: 'How candidates are compared',
    roofline: 'Where the time goes',
    int8: 'Networks in int8',
  },
  'At scale': {
    'long-runs': 'Long runs',
    'many-machines': 'Many machines',
    engines: 'Engines',
    performance: 'Speed and memory',
  },
  'In a team': { regressions: 'Regressions', history: 'History' },
  Reference: { catalogue: 'Every part' },
};

const pages = (group: Readonly<Record<string, string>>) =>
  Object.entries(group)
    .filter(([page]) => existsSync(join(import.meta.dirname, '..', `${page}.md`)))
    .map(([page, text]) => ({ text, link: `/${page}` }));

export default defineConfig({
  title: 'lightbench',
  description: 'Fair, block-versus-block comparison of light-weight CNN parts.',
  cleanUrls: false,
  srcExclude: ['api/**', 'public/**'],
  // Files, not pages of the site: they are copied below.
  ignoreDeadLinks: [/^\.\/report$/, /^\.\/examples\//],
  buildEnd: ({ srcDir, outDir }) => {
    for (const folder of ['results', 'examples']) {
      cpSync(join(srcDir, folder), join(outDir, folder), {
        recursive: true,
        filter: (file) => !/\.(md|json|jsonl|csv)$/.test(file),
      });
    }
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/from-question-to-figure' },
      { text: 'Library', link: '/api/index.html', target: '_self' },
    ],
    sidebar: [
      ...Object.entries(GROUPS).map(([text, group]) => ({ text, items: pages(group) })),
      { text: 'Library', items: [{ text: 'API reference', link: '/api/index.html', target: '_self' }] },
    ],
    outline: [2, 3],
  },
});

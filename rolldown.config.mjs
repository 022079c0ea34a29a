/** The program of the page, with Vega, in one file that every page holds. */
export default {
  input: 'reports/page/script/main.ts',
  platform: 'browser',
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  output: { file: 'dist/page-program.js', format: 'iife', minify: true, comments: { legal: true } },
};

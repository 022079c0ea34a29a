/** The style sheet of the page. Charts are drawn in the colours of a light page; on a dark one each has its counterpart. */
import { CANDIDATE_INKS, INKS, type Ink } from '../palette.js';

const shades = (mode: keyof Ink): string =>
  Object.entries(INKS)
    .map(([name, ink]) => `--${name}:${ink[mode]};`)
    .join('');

const darkMarks = (): string =>
  [...CANDIDATE_INKS, ...Object.values(INKS)]
    .map(({ light, dark }) => `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`)
    .join('\n');

export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--panel:#f7f8fa;${shades('light')}}
@media screen and (prefers-color-scheme:dark){
:root{--page:#14171c;--panel:#1b1f25;${shades('dark')}}
${darkMarks()}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;overflow-wrap:anywhere;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Liberation Sans",Arial,sans-serif}
main,footer{max-width:1296px;margin:0 auto;padding:0 24px}
h1,h2,h3,p,ul,dl,figure,table{margin:0}
h1{font-size:30px;line-height:1.2;letter-spacing:-.015em;font-weight:650}
h2{font-size:20px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin-bottom:14px}
h3{font-size:15px;line-height:1.35;font-weight:650}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
code{overflow-wrap:anywhere}
a{color:var(--better)}
.question{font-size:18px;line-height:1.45;color:var(--muted);margin-top:8px;max-width:46em}
article>header{padding:44px 0 8px}
article+article{border-top:1px solid var(--grid);margin-top:56px}
.answer{margin-top:20px;max-width:52em;font-size:17px;line-height:1.55}
.answer p+p{margin-top:10px}
section{padding-top:44px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,380px),1fr));gap:36px 24px;align-items:start}
figure{min-width:0;max-width:440px;display:grid;grid-row:span 3;grid-template-rows:subgrid;row-gap:0}
figcaption p{font-size:13px;line-height:1.45;color:var(--muted);margin:2px 0 10px}
figure svg:not(.symbol){display:block;width:100%;height:auto;overflow:visible}
.matrix details:first-child{margin-top:0}
.charts+.caption,.charts+details,.scroll+.charts,.scroll+.caption{margin-top:24px}
.matrix{display:grid;grid-template-columns:minmax(0,400px) minmax(0,1fr);gap:24px 40px;align-items:start}
.note{grid-row:span 3;font-size:13.5px;line-height:1.5;color:var(--muted);max-width:34em}
.note b{color:var(--text);font-weight:600}
.key,ul.key{list-style:none;padding:0;font-size:13px;line-height:1.5}
.key ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:2px 18px;margin-bottom:6px}
.key p{color:var(--muted);white-space:nowrap}
.key .group{display:grid;grid-template-columns:11em minmax(0,1fr);gap:0 12px}
div.key{margin-bottom:26px}
ul.key{display:flex;flex-wrap:wrap;gap:2px 14px;margin-bottom:8px}
.key li{min-width:0;overflow-wrap:anywhere}
.symbol{width:12px;height:12px;vertical-align:-1px;flex:none}
.rank{color:var(--muted);font-variant-numeric:tabular-nums}
details{margin-top:8px}
summary{cursor:pointer;font-size:12px;color:var(--muted)}
figure pre{max-height:240px;overflow:auto;background:var(--panel);border-radius:6px;padding:10px;font-size:11px;line-height:1.4;white-space:pre-wrap;overflow-wrap:anywhere;margin:6px 0 0}
.scroll{overflow-x:auto;max-width:100%}
.scroll:focus-visible{outline:2px solid var(--better);outline-offset:2px}
table{border-collapse:collapse;font-size:13px;line-height:1.4;font-variant-numeric:tabular-nums}
.caption{font-size:13px;color:var(--muted);padding-bottom:4px}
th,td{padding:5px 8px;text-align:left;vertical-align:baseline;white-space:nowrap}
th:first-child,td:first-child{padding-left:0}
thead th{white-space:normal;font-weight:500;color:var(--muted);font-size:12.5px;vertical-align:bottom}
thead th[colspan]{color:var(--text);font-weight:600;border-bottom:1px solid var(--grid)}
thead tr:last-child th{border-bottom:1px solid var(--rule)}
tbody th{font-weight:500;white-space:normal;min-width:13em;max-width:26em;overflow-wrap:anywhere}
tbody tr+tr>*{border-top:1px solid var(--grid)}
th:has(>.symbol),td:has(>.symbol){padding-left:17px!important;text-indent:-17px;white-space:normal;overflow-wrap:anywhere;min-width:10em;max-width:20em}
tr.group th{font-weight:600;padding-top:14px;max-width:none}
.number{text-align:right}
.interval{color:var(--muted)}
.error{white-space:pre-wrap;overflow-wrap:anywhere}
td:has(.error){white-space:normal;min-width:16em}
.verdict{display:inline-block;font-size:12px;line-height:1.5;padding:0 8px;border-radius:9px;background:var(--panel);color:var(--muted)}
.verdict.better,.verdict.supported{background:var(--better);color:#fff}
.verdict.worse,.verdict.contradicted{background:var(--worse);color:#fff}
.verdict.tie{background:var(--tie);color:#fff}
.verdict.undecided{background:var(--undecided);color:var(--text)}
.facts,.definitions{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,380px),1fr));gap:14px 24px;font-size:14px}
dt{font-size:12.5px;color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
.definitions dt{font-size:14px;font-weight:600;color:var(--text)}
.warnings,.cautions{padding:10px 16px 10px 32px;border-left:3px solid var(--worse);background:var(--panel);font-size:14px;margin-top:18px;max-width:64em}
pre{margin:0;background:var(--panel);padding:12px 14px;border-radius:6px;overflow-x:auto}
pre+p{margin-top:12px;max-width:52em;font-size:14px}
nav ol{margin:16px 0 0;padding-left:1.4em}
footer{padding-top:40px;padding-bottom:40px;font-size:12.5px;color:var(--muted)}
@media (max-width:960px){.matrix details:first-child{margin-top:0}
.charts+.caption,.charts+details{margin-top:24px}
.matrix{grid-template-columns:minmax(0,1fr)}}
@media (max-width:600px){
body{font-size:15px}main,footer{padding:0 16px}h1{font-size:24px}.question{font-size:16px}.answer{font-size:15.5px}
article>header{padding-top:28px}section{padding-top:34px}figure{max-width:none}
tbody th{min-width:8em;max-width:10em;position:sticky;left:0;background:var(--page)}.key .group{grid-template-columns:1fr}
}
@page{size:landscape;margin:12mm}
@media print{
body{font-size:10pt}section,article>header{padding-top:16pt}figure,tr,.facts>div{break-inside:avoid}h2,h3{break-after:avoid}
figure details,nav{display:none}.charts{grid-template-columns:repeat(3,1fr);gap:12pt}.matrix .charts{grid-template-columns:1fr}.facts,.definitions{grid-template-columns:repeat(3,1fr);font-size:9pt}main,footer{padding:0}.scroll{overflow:visible}table{font-size:7.5pt}th,td{padding:2pt 4pt}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;

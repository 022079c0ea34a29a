/**
 * The style sheet of the page. Charts are drawn in the colours of a light page; on a dark one each has its counterpart. Of many candidates,
 * sections are laid out when they come near the window: that halves the time until the answer is seen.
 */
import { CANDIDATE_INKS, INKS, type Ink } from '../../palette.js';

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
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:16px}
body{margin:0;overflow-wrap:break-word;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Liberation Sans",Arial,sans-serif}
main,footer{max-width:1520px;margin:0 auto;padding:0 24px}
h1,h2,h3,p,ul,dl,figure,table{margin:0}
h1{font-size:30px;line-height:1.2;letter-spacing:-.015em;font-weight:650}
h2{font-size:20px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin-bottom:14px}
h3{font-size:15px;line-height:1.35;font-weight:650}
h1,h2,h3,p,li,dd{overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
code{overflow-wrap:anywhere}
a{color:var(--better)}
:focus-visible{outline:2px solid var(--better);outline-offset:2px}
.skip{position:absolute;left:-999em}
.skip:focus{left:16px;top:8px;padding:4px 10px;background:var(--page)}
.question{font-size:18px;line-height:1.45;color:var(--muted);margin-top:8px;max-width:46em}
article>header{padding:44px 0 8px}
article+article{border-top:1px solid var(--grid);margin-top:56px}
.answer{margin-top:20px;max-width:56em;font-size:17px;line-height:1.55}
.answer p+p,.answer ul+p{margin-top:10px}
.statements{list-style:none;padding:0}
.statements li+li{margin-top:6px}
section{padding-top:44px}
.large>.body>section{content-visibility:auto;contain-intrinsic-size:auto 800px;overflow-clip-margin:8px}
.large .plot{content-visibility:auto;contain-intrinsic-size:auto 400px}
.large .key li{content-visibility:auto;contain-intrinsic-size:auto 1.45em}
.large>.body>section.menu-open{content-visibility:visible}
article{display:grid;grid-template-columns:224px minmax(0,1fr);column-gap:28px}
article>header{grid-column:1/-1}
aside{position:sticky;top:0;align-self:start;max-height:100vh;display:flex;flex-direction:column;gap:20px;padding:44px 0 20px;font-size:13px;line-height:1.45}
aside section{padding:0;min-height:0;display:flex;flex-direction:column}
aside h2{font-size:13px;color:var(--muted);font-weight:600;letter-spacing:0;margin-bottom:6px}
aside h3{font-size:12.5px;font-weight:600;margin-top:8px}
.key{overflow-y:auto;min-height:4.5em;padding:2px}
.key ul,.colors,.contents ol,.runs ol{list-style:none;padding:0;margin:0}
.key li{display:flex;gap:6px;border-radius:4px;padding:1px 2px}
.key li>label{display:flex;gap:6px;min-width:0;cursor:pointer}
.key li[hidden]{display:none}
.key .candidate{display:block}
.key input{margin:0;flex:none;height:1.45em}
.key .focus,tr.focus>*{background:var(--band)}
.key .out .candidate{opacity:.55}
.rank{color:var(--muted);font-variant-numeric:tabular-nums;min-width:1.7em;flex:none;text-align:right}
.contents{flex:none;max-height:46vh;overflow-y:auto}
.contents li{padding:1px 0}
.contents a{color:var(--muted);text-decoration:none}
.contents a:hover{color:var(--text);text-decoration:underline}
.tools{display:grid;grid-template-columns:minmax(0,1fr);gap:6px;padding-bottom:6px}
.tools input,.scroll+input,input[type=search],select,button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--rule);border-radius:5px;padding:3px 7px;max-width:100%}
.tools input[type=search]{width:100%}
button{cursor:pointer}
button:hover{background:var(--band)}
.buttons{display:flex;flex-wrap:wrap;gap:6px}
.count{color:var(--muted)}
.select{font-size:13px;color:var(--muted)}
.select select{color:var(--text);width:auto}
.tools .select{display:grid;grid-template-columns:minmax(0,1fr)}
.accuracy>.select{display:block;margin-bottom:14px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:36px 28px;align-items:start}
.single .charts{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}
.single figure{max-width:560px}
figure{min-width:0;max-width:460px}
figure[hidden]{display:none}
figcaption{position:relative;padding-right:34px}
figcaption p{font-size:13px;line-height:1.45;color:var(--muted);margin:2px 0 10px}
.plot svg{display:block;width:100%;height:auto}
.nothing{color:var(--muted);font-size:13px;padding:24px 0}
.colors{display:flex;flex-wrap:wrap;gap:2px 14px;margin-bottom:8px;font-size:13px}
.menu{position:absolute;right:0;top:-3px;margin:0;z-index:2}
.menu summary{list-style:none;font-size:17px;line-height:1;padding:4px 7px 8px;border-radius:5px}
.menu summary::-webkit-details-marker{display:none}
.menu summary:hover{background:var(--band)}
.menu div{position:absolute;right:0;display:grid;min-width:15em;background:var(--page);border:1px solid var(--rule);border-radius:6px;padding:4px;box-shadow:0 4px 16px #0003}
.menu button{border:0;text-align:left;font-size:13px;padding:4px 8px}
#vg-tooltip-element{visibility:hidden;position:fixed;z-index:9;max-width:min(34em,90vw);padding:6px 9px;border-radius:6px;background:var(--text);color:var(--page);font-size:12.5px;line-height:1.45;overflow-wrap:anywhere;pointer-events:none}
#vg-tooltip-element.visible{visibility:visible}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
section>.scroll+ul,.scroll+.note{margin-top:12px;font-size:14px}
.charts+.caption,.charts+details,.scroll+.charts,.scroll+.caption,.charts+input{margin-top:24px}
.matrix{display:grid;gap:24px;grid-template-columns:minmax(0,1fr)}
.note{font-size:13.5px;line-height:1.5;color:var(--muted);max-width:44em}
.note b{color:var(--text);font-weight:600}
.symbol{width:12px;height:12px;vertical-align:-1px;flex:none}
.candidate{display:inline-block;padding-left:17px;text-indent:-17px}
details{margin-top:8px}
summary{cursor:pointer;font-size:13px;color:var(--muted)}
.scroll{overflow-x:auto;max-width:100%}
.unchosen,.unfound{display:none}
table{border-collapse:collapse;font-size:12.5px;line-height:1.4;font-variant-numeric:tabular-nums}
.caption{font-size:13px;color:var(--muted);padding-bottom:4px;max-width:64em}
th,td{padding:5px 6px;text-align:left;vertical-align:baseline;white-space:nowrap}
th:first-child,td:first-child{padding-left:0}
thead th{font-weight:500;color:var(--muted);font-size:12.5px;vertical-align:bottom}
thead th[colspan]{color:var(--text);font-weight:600;border-bottom:1px solid var(--grid)}
thead tr:last-child>*{border-bottom:1px solid var(--rule);white-space:normal}
.sort{all:unset;cursor:pointer}
.sort:focus-visible{outline:2px solid var(--better);outline-offset:2px}
.sort:hover{color:var(--text);text-decoration:underline}
[aria-sort=ascending] .sort::after{content:" \u2191"}
[aria-sort=descending] .sort::after{content:" \u2193"}
tbody th{font-weight:500;vertical-align:top}
tbody th,.scroll .candidate{white-space:normal;overflow-wrap:anywhere;min-width:12em;max-width:22em}
tbody tr+tr>*{border-top:1px solid var(--grid)}
tr.group th{font-weight:600;padding-top:14px;max-width:none}
.number{text-align:right}
.interval{color:var(--muted);font-size:11.5px}
.error{display:inline-block;white-space:pre-wrap;overflow-wrap:anywhere;min-width:16em}
.claims td{white-space:normal;min-width:8em;text-align:left}
.claims th{text-align:left}
.claims td:last-child{min-width:14em}
.claims tbody th{min-width:16em;max-width:30em}
.verdict{white-space:nowrap;display:inline-block;font-size:12px;line-height:1.5;padding:0 8px;border-radius:9px;background:var(--panel);color:var(--muted)}
.verdict.better,.verdict.supported{background:var(--better);color:#fff}
.verdict.worse,.verdict.contradicted{background:var(--worse);color:#fff}
.verdict.tie{background:var(--tie);color:#fff}
.verdict.undecided{background:var(--undecided);color:var(--text)}
.facts,.definitions{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:14px 28px;font-size:14px}
dt{font-size:12.5px;color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
.definitions dt{font-size:14px;font-weight:600;color:var(--text)}
.warnings,.cautions{padding:8px 14px 8px 30px;border-left:3px solid var(--worse);background:var(--panel);font-size:13.5px;margin-top:18px;max-width:68em}
.cautions details{display:inline;margin:0}
.cautions summary{display:inline}
pre{margin:0;background:var(--panel);padding:12px 14px;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
pre+p{margin-top:12px;max-width:52em;font-size:14px}
.runs ol{margin:16px 0 0}
.live{position:fixed;right:16px;bottom:12px;padding:4px 12px;border-radius:12px;background:var(--text);color:var(--page);font-size:13px}
footer{padding-top:40px;padding-bottom:40px;font-size:12.5px;color:var(--muted)}
@media (max-width:1535px){.results .interval{display:block}}
@media (max-width:1365px){tbody th,.scroll .candidate{min-width:10em}}
@media (max-width:960px){
article{display:block}
aside{position:static;max-height:none;padding-top:28px}
.key{max-height:13.5em}
.contents ol{display:flex;flex-wrap:wrap;gap:2px 16px}}
@media (max-width:600px){
main,footer{padding:0 16px}h1{font-size:24px}.question{font-size:16px}.answer{font-size:15.5px}
article>header{padding-top:28px}section{padding-top:34px}figure{max-width:none}
tbody th,.scroll .candidate{min-width:11.5em;max-width:12em}
.scroll tr:not(:hover,.focus) [data-short] bdi{display:none}
.scroll tr:not(:hover,.focus) [data-short]::after{content:attr(data-short);unicode-bidi:isolate}
tbody th{position:sticky;left:0;background:var(--page)}
}
@media (forced-colors:active){.verdict{border:1px solid}}
@page{size:landscape;margin:12mm}
@media print{
.large>.body>section,.large .plot,.large .key li{content-visibility:visible}
body{font-size:10pt}article{display:block}section,article>header{padding-top:16pt}figure,tr,li,.facts>div{break-inside:avoid}h2,h3,.caption{break-after:avoid}
.contents,.runs,.tools,.accuracy>.select,.menu,.skip,input,.live,footer{display:none}aside{position:static;max-height:none;padding:10pt 0 0}.key{max-height:none}.key ul{display:flex;flex-wrap:wrap;gap:0 14pt}.key input{display:none}
.charts,.single .charts{grid-template-columns:repeat(2,1fr);gap:12pt}.matrix{display:block}.facts,.definitions{grid-template-columns:repeat(3,1fr);font-size:9pt}main,footer{padding:0;max-width:none}.scroll{overflow:visible}table{font-size:7.5pt}.verdict{font-size:7pt;padding:0 3pt}th,td{padding:2pt}thead th{white-space:normal}thead th,.interval{font-size:inherit}tbody th,.scroll .candidate{min-width:8em}
details:not([open]){display:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;

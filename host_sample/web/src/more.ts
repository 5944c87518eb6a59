// What every part that is fetched later brings along: its styles and the words only it uses.
import styles from "./more.css?text";
import { addWords } from "./i18n";
import { words } from "./english";

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);
addWords(words);

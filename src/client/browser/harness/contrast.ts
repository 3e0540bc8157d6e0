import type { Page } from 'playwright-core';

/** The visible texts of a page with less contrast than WCAG 2.2, 1.4.3, requires. */
export function lowContrastTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Color = readonly [r: number, g: number, b: number, a: number];
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    canvas.canvas.width = canvas.canvas.height = 1;

    // Painted, to support any colour notation.
    const parse = (text: string): Color => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a]: Color, [r2, g2, b2]: Color): Color => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
    const luminance = ([r, g, b]: Color) => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map(part => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const backOf = (element: Element | null): Color => {
      if (element === null)
        return parse('Canvas');
      const own = parse(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, backOf(element.parentElement));
    };
    const opacityOf = (element: Element | null): number =>
      element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);

    const faint: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const [text, element] = [node.textContent?.trim() ?? '', node.parentElement];
      if (text === '' || element === null || !element.checkVisibility({ visibilityProperty: true }))
        continue;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const [r, g, b, a] = parse(color);
      const back = backOf(element);
      const [low = 0, high = 0] = [luminance(over([r, g, b, a * opacityOf(element)], back)), luminance(back)].sort((x, y) => x - y);
      const ratio = (high + 0.05) / (low + 0.05);
      const isLarge = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5))
        faint.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
    }
    return faint;
  });
}

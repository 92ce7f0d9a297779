import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';

/** What was reviewed by eye, so small that letters are gone and what stands where is left. */
const REVIEWED = join(import.meta.dirname, 'pictures');
/** The pictures of the latest run in full, to look at. */
const TAKEN = join(import.meta.dirname, '../../node_modules/.cache/hark-pictures');
/** Side of a cell in pixels: a cell has one colour. */
const CELL = 8;
/** How far (of 255) a cell may be off in one of its colours: text in another font is another grey, a bar that is missing another colour. */
const MOST_OFF = 24;

/** Takes a picture, keeps it for review, and gives it back reduced to its cells. @returns a PNG, base64 */
export async function takePicture(name: string, of: Page | Locator): Promise<string> {
  const taken = await of.screenshot({ animations: 'disabled', caret: 'hide' });
  mkdirSync(TAKEN, { recursive: true });
  writeFileSync(join(TAKEN, `${name}.png`), taken);
  const page = 'page' in of ? of.page() : of;
  return await reduce(await openBlank(page), taken.toString('base64'));
}

/** Takes a reduced picture for reviewed when that is asked for. */
export function review(name: string, reduced: string): void {
  if (process.env.UPDATE_GOLDEN === '1')
    writeFileSync(join(REVIEWED, `${name}.png`), Buffer.from(reduced, 'base64'));
}

/**
 * Of the cells that have a colour (what is grey is text and lines), now or when they were reviewed, the share that has another now. To review a change: `UPDATE_GOLDEN=1 npm test -- test/ui/pictures.test.ts`, then look at the pictures.
 *
 * @param reduced what `takePicture` gave
 */
export async function shareOff(name: string, reduced: string, page: Page): Promise<number> {
  const file = join(REVIEWED, `${name}.png`);
  const reviewed = readFileSync(file).toString('base64');
  return await countOff(await openBlank(page), reviewed, reduced);
}

const blanks = new WeakMap<BrowserContext, Promise<Page>>();

/** A page beside it in which pictures can be read: the policy of the pages themselves would not let that be. */
async function openBlank(page: Page): Promise<Page> {
  const context = page.context();
  const blank = blanks.get(context) ?? context.newPage();
  blanks.set(context, blank);
  return await blank;
}

async function reduce(blank: Page, picture: string): Promise<string> {
  return await blank.evaluate(
    async ({ picture, cell }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const full = document.createElement('canvas');
      [full.width, full.height] = [image.width, image.height];
      const from = full.getContext('2d');
      from?.drawImage(image, 0, 0);
      const small = document.createElement('canvas');
      [small.width, small.height] = [Math.floor(image.width / cell), Math.floor(image.height / cell)];
      const to = small.getContext('2d');
      for (let y = 0; y < small.height; y++)
        for (let x = 0; x < small.width; x++) {
          // The mean of all its pixels, the same in every browser.
          const { data } = from?.getImageData(x * cell, y * cell, cell, cell) ?? { data: [] };
          const sums = [0, 0, 0];
          for (let at = 0; at < data.length; at++)
            if (at % 4 < 3) sums[at % 4] = (sums[at % 4] ?? 0) + (data[at] ?? 0);
          if (to) to.fillStyle = `rgb(${sums.map((sum) => Math.round(sum / (cell * cell))).join(',')})`;
          to?.fillRect(x, y, 1, 1);
        }
      return small.toDataURL('image/png').replace(/^[^,]*,/, '');
    },
    { picture, cell: CELL },
  );
}

async function countOff(blank: Page, reviewed: string, seen: string): Promise<number> {
  return await blank.evaluate(
    async ({ pictures, mostOff }) => {
      const [reviewed, seen] = await Promise.all(
        pictures.map(async (picture) => {
          const image = new Image();
          image.src = `data:image/png;base64,${picture}`;
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.width, image.height];
          const context = canvas.getContext('2d');
          context?.drawImage(image, 0, 0);
          return context?.getImageData(0, 0, image.width, image.height);
        }),
      );
      if (!reviewed || !seen) return 1;
      // In another font what stands above may be higher: the part that both show is compared.
      const [width, height] = [Math.min(reviewed.width, seen.width), Math.min(reviewed.height, seen.height)];
      if (width * height < 0.7 * Math.max(reviewed.width * reviewed.height, seen.width * seen.height))
        return 1;
      const coloursAt = ({ data, width }: ImageData, x: number, y: number) => [
        ...data.slice((y * width + x) * 4, (y * width + x) * 4 + 3),
      ];
      const isColoured = (colours: readonly number[]) =>
        Math.max(...colours) - Math.min(...colours) > mostOff;
      let [coloured, off] = [0, 0];
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [was, is] = [coloursAt(reviewed, x, y), coloursAt(seen, x, y)];
          if (!isColoured(was) && !isColoured(is)) continue;
          coloured += 1;
          if (was.some((value, at) => Math.abs(value - (is[at] ?? 0)) > mostOff)) off += 1;
        }
      return coloured === 0 ? 1 : off / coloured;
    },
    { pictures: [reviewed, seen], mostOff: MOST_OFF },
  );
}

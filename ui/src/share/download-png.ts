import { say } from '../shell/copy-text.ts';

/** Saves the timeline, as it is drawn now, as a picture with the names of its rows. */
export function downloadPng(): void {
  const canvas = document.querySelector<HTMLCanvasElement>('.timeline-canvas');
  const labels = document.querySelector('.rows');
  if (canvas === null || labels === null) {
    say('There is no timeline to save here');
    return;
  }
  const ratio = canvas.width / Math.max(1, canvas.clientWidth);
  const wide = labels.clientWidth;
  const picture = document.createElement('canvas');
  picture.width = canvas.width + Math.round(wide * ratio);
  picture.height = canvas.height;
  const context = picture.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue('--surface');
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, Math.round(wide * ratio), 0);
  context.scale(ratio, ratio);
  context.fillStyle = style.getPropertyValue('--ink');
  context.font = `13px ${style.getPropertyValue('--font')}`;
  context.textBaseline = 'middle';
  const top = canvas.getBoundingClientRect().top;
  for (const row of labels.querySelectorAll('.row')) {
    const box = row.getBoundingClientRect();
    const indent = Number.parseFloat(getComputedStyle(row).paddingLeft);
    const text = [...row.querySelectorAll('.kind, .start')].map((part) => part.textContent).join(' ');
    context.fillText(
      `${text}${row.querySelector('.tail')?.textContent ?? ''}`,
      indent + 10,
      box.top - top + box.height / 2,
      wide - indent - 16,
    );
  }
  picture.toBlob((blob) => {
    if (blob === null) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = 'hark-timeline.png';
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

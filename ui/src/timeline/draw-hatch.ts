/** Slanted lines over an area: nobody watched. Lines of neighbours meet, since they hang on the whole drawing, not on the area. */
export function drawHatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  color: string,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  for (let start = Math.floor((x - height) / 7) * 7; start < x + width; start += 7) {
    context.moveTo(start, y + height);
    context.lineTo(start + height, y);
  }
  context.lineWidth = 1;
  context.strokeStyle = color;
  context.stroke();
  context.restore();
}

// A real PNG of 2 × 2 pixels.
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8Dwn4GBgYGJAQoAHxcCAtM6S0MAAAAASUVORK5CYII=',
  'base64',
);

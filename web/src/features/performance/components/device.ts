import type { Schemas } from '@/shared/api/client';

// Models often begin with their brand.
export const deviceText = ({ brand, model }: Pick<Schemas['DeviceInfo'], 'brand' | 'model'>) => (model.startsWith(brand) ? model : `${brand} ${model}`).trim();

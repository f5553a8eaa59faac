// Makes europe.txt from Natural Earth's 1:50m countries (public domain), as the npm package world-atlas 2.0.2 has them:
//   npm install world-atlas@2.0.2 d3-geo topojson-client topojson-simplify && node europe.mjs > europe.txt
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoAzimuthalEqualArea, geoCentroid, geoPath } from 'd3-geo';
import { feature, merge } from 'topojson-client';
import { presimplify, simplify } from 'topojson-simplify';

const atlas = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
const exact = JSON.parse(readFileSync(atlas, 'utf8'));
const world = simplify(presimplify(exact), 0.012);

// By ISO 3166-1 numeric code; what is not here is land without a name.
const codes = {
  '040': 'AT', '056': 'BE', 100: 'BG', 196: 'CY', 203: 'CZ', 276: 'DE', 208: 'DK', 233: 'EE', 724: 'ES', 246: 'FI',
  250: 'FR', 826: 'GB', 300: 'GR', 191: 'HR', 348: 'HU', 372: 'IE', 352: 'IS', 380: 'IT', 440: 'LT', 442: 'LU',
  428: 'LV', 470: 'MT', 528: 'NL', 578: 'NO', 616: 'PL', 620: 'PT', 642: 'RO', 752: 'SE', 705: 'SI', 703: 'SK',
  756: 'CH', 438: 'LI', '008': 'AL', '070': 'BA', 499: 'ME', 807: 'MK', 688: 'RS', 804: 'UA', 498: 'MD', 792: 'TR',
  112: 'BY', 268: 'GE', '051': 'AM', '031': 'AZ',
};

// Lambert's azimuthal equal-area projection around the centre that ETRS89-LAEA (EPSG:3035) has, too.
const frame = { type: 'MultiPoint', coordinates: [[-24, 64], [-10, 36.5], [27, 71.3], [34.8, 35], [41, 60], [14.4, 35.6], [25, 34.7]] };
const width = 1000;
const projection = geoAzimuthalEqualArea().rotate([-10, -52]).fitWidth(width - 40, frame);
const [[left, top], [, bottom]] = geoPath(projection).bounds(frame);
const [x, y] = projection.translate();
projection.translate([x - left + 20, y - top + 20]);
const height = Math.round(bottom - top + 40);
projection.clipExtent([[-9, -9], [width + 9, height + 9]]);
const path = geoPath(projection);

// Absolute starts, relative lines, whole units; specks of land are left out.
function compact(drawn, least) {
  const rings = (drawn ?? '').split('M').filter(Boolean).map((ring) => {
    const points = ring.replace('Z', '').split('L').map((point) => point.split(',').map((n) => Math.round(Number(n))));
    return points.filter(([px, py], at) => at === 0 || px !== points[at - 1][0] || py !== points[at - 1][1]);
  });
  const area = (ring) => Math.abs(ring.reduce((sum, [px, py], at) => {
    const [qx, qy] = ring[(at + 1) % ring.length];
    return sum + px * qy - qx * py;
  }, 0)) / 2;
  const large = rings.filter((ring) => ring.length > 2 && area(ring) >= least);
  return large.map(([[sx, sy], ...rest]) => {
    let [px, py] = [sx, sy];
    const steps = rest.map(([qx, qy]) => {
      const step = `${qx - px}${qy - py < 0 ? '' : ' '}${qy - py}`;
      [px, py] = [qx, qy];
      return step;
    });
    return `M${sx} ${sy}l${steps.join(' ').replace(/ -/g, '-')}z`;
  }).join('');
}

// Natural Earth draws who is in control; this map, what the European Union recognises: Crimea is Ukraine, and Cyprus is
// one country.
const { geometries } = world.objects.countries;
const one = (name, from = world) =>
  from.objects.countries.geometries.find((geometry) => geometry.properties.name === name);
const russia = one('Russia');
const isCrimea = (arcs) => {
  const [lon, lat] = geoCentroid(feature(world, { type: 'Polygon', arcs }));
  return lon > 32 && lon < 36.7 && lat > 44 && lat < 46.5;
};
const crimea = russia.arcs.filter(isCrimea).map((arcs) => ({ type: 'Polygon', arcs }));
if (crimea.length !== 1) throw new Error('Crimea is not one part of its own');
russia.arcs = russia.arcs.filter((arcs) => !isCrimea(arcs));
const whole = { Ukraine: [one('Ukraine'), ...crimea], Cyprus: [one('Cyprus'), one('N. Cyprus')] };
const countries = geometries.filter((geometry) => geometry.properties.name !== 'N. Cyprus').map((geometry) => {
  const parts = whole[geometry.properties.name];
  const { id, properties } = geometry;
  return parts ? { type: 'Feature', id, properties, geometry: merge(world, parts) } : feature(world, geometry);
});

const named = [];
const land = [];
for (const country of countries) {
  const code = codes[country.id];
  const drawn = compact(path(country), code ? 14 : 40);
  // Where a mark stands: in the middle of the largest part.
  if (code) {
    const parts = country.geometry.type === 'Polygon' ? [country.geometry.coordinates] : country.geometry.coordinates;
    const shapes = parts.map((coordinates) => ({ type: 'Polygon', coordinates }));
    const [main] = shapes.filter((shape) => path(shape)).sort((a, b) => path.area(b) - path.area(a));
    const exactly = () => projection(geoCentroid(feature(exact, one(country.properties.name, exact))));
    const [cx, cy] = (main ? path.centroid(main) : exactly()).map(Math.round);
    if (cx > 0 && cx < width && cy > 0 && cy < height) named.push([code, `${cx} ${cy}`, drawn]);
  } else if (drawn) land.push(drawn);
}
named.sort(([a], [b]) => (a < b ? -1 : 1));
console.log('# Countries of Europe and around, drawn by europe.mjs from Natural Earth (public domain, naturalearthdata.com).');
console.log(`# One line a country: ISO 3166-1 code, the middle of its largest part, SVG path; "*" is other land. ${width} by:`);
console.log(height);
for (const row of named) console.log(row.join('\t'));
console.log(['*', '0 0', land.join('')].join('\t'));

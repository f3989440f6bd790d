// SPDX-License-Identifier: MIT
// A config file's text to a Config, or to all of its problems. Reads no files, changes nothing, throws nothing on bad text.
import type { Config } from '../model/model.ts';
import { buildConfig } from './build-config.ts';
import { checkInterfaces } from './check-interfaces.ts';
import { checkMarks } from './check-marks.ts';
import { checkNotYet } from './check-not-yet.ts';
import { checkSchema } from './check-schema.ts';
import { checkServices } from './check-services.ts';
import type { Problem } from './problem.ts';
import { Report } from './report.ts';
import { YamlSource } from './yaml-source.ts';

/** Either `config`, or at least one of `problems`; both in the order of the file. */
export type ConfigResult =
  | { readonly config: Config; readonly problems?: undefined; readonly warnings: readonly Problem[] }
  | { readonly config?: undefined; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** `fileName` is only what problems call the file. */
export function readConfig(text: string, fileName: string): ConfigResult {
  const source = new YamlSource(text);
  const report = new Report(fileName, source);
  if (source.value === undefined) return { problems: report.problems, warnings: [] };
  const { draft, output } = checkSchema(source.value, report);
  checkNotYet(draft, report);
  checkInterfaces(draft, report);
  checkMarks(draft, report);
  checkServices(draft, report);
  const { problems, warnings } = report;
  if (!output || problems.length > 0) return { problems, warnings };
  return { config: buildConfig(output), warnings };
}

import path from "node:path";
import type { GateArguments } from "../arguments";
import { openOutputFile, type OutputFile } from "../../command/output-file";
import { type PageInput, pageOf } from "./page";
import { PICTURES, picturesOf } from "./pictures";

/** The files that a command line asks for. */
export interface ReportFiles {
  /** Writes them. @throws OutputFileError for a file that can't be written */
  write(input: PageInput): void;
  /** Leaves everything as it was, except files that are written. */
  discard(): void;
}

/**
 * Makes sure that the files can be written, before anything is simulated.
 * @throws OutputFileError for one that can't
 */
export function openReportFiles({ html, svg }: Pick<GateArguments, "html" | "svg">): ReportFiles {
  const opened: OutputFile[] = [];
  const discard = () => {
    for (const file of opened) file.discard();
  };
  const open = (option: string, file: string) => {
    const output = openOutputFile(option, file);
    opened.push(output);
    return output;
  };
  try {
    const page = html === undefined ? undefined : open("--html", html);
    const pictures =
      svg === undefined ? [] : PICTURES.map((name) => ({ name, file: open("--svg", path.join(svg, name)) }));
    return {
      write: (input) => {
        page?.write(pageOf(input));
        if (pictures.length === 0) return;
        const drawn = picturesOf(input.report);
        for (const { name, file } of pictures) file.write(drawn[name]);
      },
      discard,
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** The repository of an image reference, without tag and digest. Pure. */
export function repositoryUrlOf(image: string): string {
  const name = image.replace(/@.*$/, "");
  // A colon before the last slash belongs to the registry's port.
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}

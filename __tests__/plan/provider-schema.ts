/** What `terraform providers schema -json` says of a block, as far as it is read. */
interface Block {
  readonly attributes?: Readonly<
    Record<string, { readonly computed?: boolean; readonly optional?: boolean; readonly required?: boolean }>
  >;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

/** Every type has these, or no plan changes them. */
const EVERYWHERE = ["id", "tags", "tags_all", "description", "timeouts"];
/** Blocks that one rule reads as a whole; the firewall's statements alone have 12,000 attributes. */
const AS_A_WHOLE: Readonly<Record<string, readonly string[]>> = {
  aws_wafv2_web_acl: [
    ...["association_config", "captcha_config", "challenge_config", "custom_response_body", "data_protection_config"],
    ...["default_action", "rule"],
  ],
};
/** Blocks within blocks within blocks are listed as one. */
const DEEPEST = 2;

/**
 * The attributes of a resource type that a person may set, as Terraform's users write them.
 * @param block of the type, in the provider's schema
 */
export function attributesOf(type: string, block: Block, prefix = "", depth = 0): readonly string[] {
  const own = Object.entries(block.attributes ?? {})
    .filter(([, { computed, optional, required }]) => computed !== true || optional === true || required === true)
    .map(([name]) => name);
  const inner = Object.entries(block.block_types ?? {}).flatMap(([name, { block: within }]) => {
    if (EVERYWHERE.includes(name)) return [];
    const path = `${prefix}${name}`;
    if (depth >= DEEPEST || AS_A_WHOLE[type]?.includes(path) === true) return [path];
    const found = attributesOf(type, within, `${path}.`, depth + 1);
    return found.length > 0 ? found : [path];
  });
  return [
    ...own.filter((name) => prefix !== "" || !EVERYWHERE.includes(name)).map((name) => `${prefix}${name}`),
    ...inner,
  ];
}

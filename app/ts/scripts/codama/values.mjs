/** What bytes of the program's layouts stand for, and what in them is zero: the IDL knows only numbers. */
import {
  booleanTypeNode,
  bytesValueNode,
  definedTypeLinkNode,
  definedTypeNode,
  enumEmptyVariantTypeNode,
  enumTypeNode,
  numberTypeNode,
  numberValueNode,
} from '@codama/nodes';

/** The enumerations, from byte 0 on. The renderer numbers variants by their places, and no member's status is 0. */
const ENUMS = {
  status: ['requested', 'creating', 'created', 'activating', 'active', 'paused', 'closing', 'closed'],
  kind: ['group', 'pointToPoint'],
  role: ['observer', 'member', 'moderator', 'owner'],
  memberStatus: ['none', 'active', 'left', 'removed'],
};

/** The enumerations as types. */
export const ENUM_TYPES = Object.entries(ENUMS).map(([name, variants]) =>
  definedTypeNode({ name, type: enumTypeNode(variants.map((variant) => enumEmptyVariantTypeNode(variant))) }),
);

const isByte = (type) => type.kind === 'numberTypeNode' && type.format === 'u8';

/** The type that the field of the struct at this path really has, where a byte of the IDL stands for something. */
function meaning(name, type, path) {
  if (!isByte(type)) return type;
  if (name === 'composable') return booleanTypeNode(numberTypeNode('u8'));
  if (name === 'status') return definedTypeLinkNode(path.includes('memberState') ? 'memberStatus' : 'status');
  if (name === 'kind' || name === 'role') return definedTypeLinkNode(name);
  return type;
}

/** Zero, in a type that is a number or bytes of a fixed size. */
const zero = (type) =>
  type.kind === 'fixedSizeTypeNode' ? bytesValueNode('base16', '00'.repeat(type.size)) : numberValueNode(0);

const ALWAYS_ZERO = ['reserved', 'padding'];

/** A struct's field or an instruction's argument, with what it means; those that are always zero are left out of what a caller gives. */
export function withMeaning(node, path) {
  if (ALWAYS_ZERO.includes(node.name))
    return { ...node, defaultValue: zero(node.type), defaultValueStrategy: 'omitted' };
  return { ...node, type: meaning(node.name, node.type, path) };
}

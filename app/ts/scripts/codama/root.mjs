/** The program's interface as a tree of nodes, with what its IDL leaves out. */

import {
  bytesTypeNode,
  definedTypeNode,
  instructionAccountNode,
  instructionArgumentNode,
  pdaLinkNode,
  structFieldTypeNode,
} from '@codama/nodes';
import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import {
  bottomUpTransformerVisitor,
  flattenInstructionDataArgumentsVisitor,
  flattenStructVisitor,
  unwrapDefinedTypesVisitor,
  visit,
} from '@codama/visitors';
import { ACCOUNTS, PDAS } from './derived.mjs';
import { ENUM_TYPES, withMeaning } from './values.mjs';

/** The layout behind each account. */
const STATES = Object.fromEntries(
  ['session', 'member', 'invitation', 'inviteToken', 'property', 'function', 'allowance', 'accessGrant'].map((name) => [
    name,
    `${name}State`,
  ]),
);

const DERIVED = new Set(PDAS.map((pda) => pda.name));

const changed = (root, change) => ({ ...root, program: { ...root.program, ...change(root.program) } });

/** The events' data become types of their own: the renderer has no page for events. */
const withEventTypes = (root) =>
  changed(root, ({ definedTypes, events }) => ({
    definedTypes: [
      ...definedTypes,
      ...ENUM_TYPES,
      ...events.map((event) => {
        const { data } = event;
        const discriminator = structFieldTypeNode({
          name: 'discriminator',
          type: data.prefix[0].type,
          defaultValue: data.prefix[0].value,
          defaultValueStrategy: 'omitted',
        });
        return definedTypeNode({
          name: `${event.name}Event`,
          docs: event.docs ?? [],
          type: { ...data.type, fields: [discriminator, ...data.type.fields] },
        });
      }),
    ],
  }));

const withDerivedAddresses = (root) =>
  changed(root, ({ instructions }) => ({
    pdas: PDAS,
    instructions: instructions.map((instruction) => ({
      ...instruction,
      accounts: instruction.accounts.map((account) => {
        const given = account.defaultValue?.kind === 'pdaValueNode' ? undefined : account.defaultValue;
        const defaultValue = ACCOUNTS[instruction.name]?.[account.name] ?? given;
        const { defaultValue: _, ...rest } = account;
        return instructionAccountNode(defaultValue ? { ...rest, defaultValue } : rest);
      }),
    })),
  }));

const meanings = bottomUpTransformerVisitor([
  {
    select: '[structFieldTypeNode]',
    transform: (node, stack) =>
      withMeaning(
        node,
        stack.getPath().map((parent) => parent.name),
      ),
  },
  {
    select: '[instructionArgumentNode]',
    transform: (node) => instructionArgumentNode(withMeaning(node, [])),
  },
]);

/** Behind a property's layout stands its value, in room of the size that was paid for. */
const withRoom = (account) => {
  if (account.name !== 'property') return account;
  const room = structFieldTypeNode({ name: 'room', docs: ['The value, and room behind it.'], type: bytesTypeNode() });
  const { size: _, ...rest } = account;
  return { ...rest, data: { ...account.data, fields: [...account.data.fields, room] } };
};

const withAccounts = (root) =>
  changed(root, ({ accounts }) => ({
    accounts: accounts.map((account) => ({
      ...withRoom(account),
      ...(DERIVED.has(account.name) ? { pda: pdaLinkNode(account.name) } : {}),
    })),
  }));

/** The layouts of arguments that two instructions share: each gets them one by one, like all others. */
const SHARED_ARGUMENTS = ['requestSessionArgs', 'setPropertyArgs', 'consumeArgs'];

/** The tree, ready to be rendered. Its errors are in a table of their own: the renderer's page keeps no messages in production bundles. */
export function rootFrom(idl) {
  let root = withEventTypes(rootNodeFromAnchor(idl));
  root = visit(root, unwrapDefinedTypesVisitor(SHARED_ARGUMENTS));
  root = visit(root, flattenInstructionDataArgumentsVisitor());
  root = visit(withDerivedAddresses(root), meanings);
  root = visit(root, unwrapDefinedTypesVisitor(Object.values(STATES)));
  root = visit(root, flattenStructVisitor(Object.fromEntries(Object.keys(STATES).map((name) => [name, ['state']]))));
  const { errors, events } = root.program;
  root = changed(withAccounts(root), () => ({ errors: [], events: [] }));
  return { root, errors, events };
}

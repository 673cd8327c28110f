/** The bounds of a cache on the embedded ledger. */
import { Room } from '../../help/room.js';
import { bounds } from '../../suite/cache/bounds.js';

bounds(() => Room.open());

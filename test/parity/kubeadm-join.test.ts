import { answersOfJoins } from './configurations.js';
import { judgeJoins } from './judge-join.js';

judgeJoins(answersOfJoins);

import { answersOfTemper } from './configurations.js';
import { judgeByKubeadm } from './judge.js';

judgeByKubeadm(answersOfTemper);

import { answersOfKubeadm } from './configurations.js';
import { judgeByKubeadm } from './judge.js';

judgeByKubeadm(answersOfKubeadm);

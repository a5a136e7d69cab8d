/**
 * One client's puts beside clients that read everything over and over, Sampo and etcd in turns on
 * the same machine. It prints what it saw and never judges it.
 */
package io.sampo.tests.beside;

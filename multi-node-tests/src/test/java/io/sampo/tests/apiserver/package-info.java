/**
 * What kube-apiserver asks of etcd: its calls as tests, and how soon its progress requests are
 * answered.
 */
package io.sampo.tests.apiserver;

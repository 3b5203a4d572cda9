Component({
  properties: { product: { type: Object, value: {} } },

  methods: {
    choose() {
      this.triggerEvent('choose', { id: this.data.product.id });
    },
  },
});
